package carrier

import (
	"fmt"

	"hopeline/hotline"
)

// codeCredentials is the carrier's code for an account or token that it does not know.
const codeCredentials = 20003

// meaning is what a code of the carrier's means for one message.
type meaning struct {
	class hotline.Class // when a create is answered with it
	words string        // what to do, for the counsellor
}

// Sentences that several codes share. They are read under stress: what happened, then what to do.
const (
	wordsAccount    = "The carrier does not accept our account. Nothing can be sent now: tell your administrator at once, and reach the person another way."
	wordsSender     = "The carrier does not let this number of ours send. Nothing is wrong with theirs: tell your administrator."
	wordsNumber     = "The carrier does not know this number. Check it with the person if they call; texts to it will not arrive."
	wordsLandline   = "This number takes no texts: it is a landline or its network does not carry them. A call may reach it."
	wordsOptedOut   = "They wrote STOP, or the carrier thinks so: this phone takes no texts from us until they write START. It may be danger: tell your supervisor."
	wordsRefused    = "They blocked us, or their channel stopped the message. Do not try other ways to reach them before you asked your supervisor."
	wordsFiltered   = "The network took this text for spam and stopped it. Write it in other words, shorter and without a link."
	wordsWindow     = "Their last WhatsApp message is more than 24 hours old: free text no longer arrives. It will again when they write."
	wordsChannel    = "This person cannot be reached on WhatsApp. If it is safe, and they gave a number, use a text or a call."
	wordsSetup      = "Our channel at the carrier is not set up for this. Tell your administrator."
	wordsBusy       = "The carrier is full at the moment. It is tried again."
	wordsNetwork    = "The network could not deliver it, and does not say why. Try once more in a few minutes."
	wordsOff        = "Their phone is off or has no network. It may arrive if you try once more later: ask first whether that is safe."
	wordsRegion     = "Our account may not send to that country. Tell your administrator."
	wordsPolicy     = "The carrier does not let this kind of message through. Tell your administrator."
	wordsFault      = "The carrier did not understand what we sent. That is our mistake: tell your administrator."
	wordsLong       = "The text is too long for one message. Send it in shorter pieces."
	wordsTemplate   = "The approved template is missing, paused or filled in wrongly. Tell your administrator."
	wordsUnringable = "The carrier cannot ring this number: check it in the account of whoever it belongs to."
	wordsGone       = "That part of the call is over already."
	wordsFull       = "The carrier takes no more calls of ours at the moment. It is tried again."
	wordsMedia      = "The file could not be delivered. It may be too big."
)

// meanings is the table of codes. Sources: the carrier's pages on each code.
var meanings = map[int]meaning{
	20003: {hotline.Halt, wordsAccount}, 20005: {hotline.Halt, wordsAccount}, 30002: {hotline.Halt, wordsAccount},

	20429: {hotline.Again, wordsBusy}, 14107: {hotline.Again, wordsBusy}, 21611: {hotline.Again, wordsBusy},
	30001: {hotline.Again, wordsBusy}, 63017: {hotline.Again, wordsBusy}, 63018: {hotline.Again, wordsBusy},
	63038: {hotline.Again, wordsBusy},

	21211: {hotline.Refuse, wordsNumber}, 21217: {hotline.Refuse, wordsNumber}, 21604: {hotline.Refuse, wordsNumber},
	30005: {hotline.Refuse, wordsNumber},
	21612: {hotline.Refuse, wordsLandline}, 21614: {hotline.Refuse, wordsLandline}, 30006: {hotline.Refuse, wordsLandline},
	21610: {hotline.Refuse, wordsOptedOut},
	30004: {hotline.Refuse, wordsRefused}, 63013: {hotline.Refuse, wordsPolicy}, 63014: {hotline.Refuse, wordsRefused},
	63032: {hotline.Refuse, wordsRefused}, 63033: {hotline.Refuse, wordsRefused},
	30007: {hotline.Refuse, wordsFiltered},
	30003: {hotline.Refuse, wordsOff},
	30008: {hotline.Refuse, wordsNetwork}, 30017: {hotline.Refuse, wordsNetwork}, 12400: {hotline.Refuse, wordsNetwork},

	21212: {hotline.Refuse, wordsSender}, 21266: {hotline.Refuse, wordsSender}, 21601: {hotline.Refuse, wordsSender},
	21603: {hotline.Refuse, wordsSender}, 21606: {hotline.Refuse, wordsSender}, 14108: {hotline.Refuse, wordsSender},
	21910: {hotline.Refuse, wordsSender},
	21408: {hotline.Refuse, wordsRegion},
	30022: {hotline.Refuse, wordsPolicy}, 30023: {hotline.Refuse, wordsPolicy}, 30032: {hotline.Refuse, wordsPolicy},
	30034: {hotline.Refuse, wordsPolicy},

	63016: {hotline.Refuse, wordsWindow},
	63003: {hotline.Refuse, wordsChannel}, 63024: {hotline.Refuse, wordsChannel},
	63001: {hotline.Refuse, wordsSetup}, 63007: {hotline.Refuse, wordsSetup}, 63015: {hotline.Refuse, wordsSetup},
	63020: {hotline.Refuse, wordsSetup}, 30029: {hotline.Refuse, wordsSetup}, 30030: {hotline.Refuse, wordsSetup},

	20404: {hotline.Refuse, wordsFault}, 20422: {hotline.Refuse, wordsFault}, 20004: {hotline.Refuse, wordsFault},
	21602: {hotline.Refuse, wordsFault}, 21609: {hotline.Refuse, wordsFault},
	21617: {hotline.Refuse, wordsLong}, 21658: {hotline.Refuse, wordsLong},
	21655: {hotline.Refuse, wordsTemplate}, 21656: {hotline.Refuse, wordsTemplate}, 63027: {hotline.Refuse, wordsTemplate},
	63028: {hotline.Refuse, wordsTemplate}, 63040: {hotline.Refuse, wordsTemplate}, 63041: {hotline.Refuse, wordsTemplate},
	21620: {hotline.Refuse, wordsMedia}, 21623: {hotline.Refuse, wordsMedia}, 30019: {hotline.Refuse, wordsMedia},
	63019: {hotline.Refuse, wordsMedia}, 63034: {hotline.Refuse, wordsMedia}, 63037: {hotline.Refuse, wordsMedia},
	11751: {hotline.Refuse, wordsMedia},

	// Calls.
	10004: {hotline.Again, wordsFull}, 22005: {hotline.Again, wordsFull},
	13223: {hotline.Refuse, wordsUnringable}, 13224: {hotline.Refuse, wordsUnringable}, 13225: {hotline.Refuse, wordsUnringable},
	13226: {hotline.Refuse, wordsUnringable}, 13227: {hotline.Refuse, wordsUnringable}, 21201: {hotline.Refuse, wordsUnringable},
	21214: {hotline.Refuse, wordsUnringable}, 21216: {hotline.Refuse, wordsUnringable},
	21203: {hotline.Refuse, wordsRegion}, 21215: {hotline.Refuse, wordsRegion},
	13214: {hotline.Refuse, wordsSender}, 13247: {hotline.Refuse, wordsSender}, 21210: {hotline.Refuse, wordsSender},
	21213: {hotline.Refuse, wordsSender},
	21205: {hotline.Refuse, wordsFault}, 13240: {hotline.Refuse, wordsGone}, 21220: {hotline.Refuse, wordsGone},
}

// listed tells whether a code is about one message and not about the account.
func listed(code int) bool {
	m, ok := meanings[code]
	return ok && m.class != hotline.Halt
}

// classOf is what to do when a create is answered with code. What is not known is refused: a human sees it.
func classOf(code int) hotline.Class {
	if m, ok := meanings[code]; ok {
		return m.class
	}
	return hotline.Refuse
}

// FailureFor says what a code of the carrier's means for the counsellor, of an answer or of a report. It is never nil;
// 0 is a failure without a code. The words are English; a page may have its own for a code.
func FailureFor(code int) *hotline.Failure {
	if m, ok := meanings[code]; ok {
		return &hotline.Failure{Code: code, Words: m.words}
	}
	if code == 0 {
		return &hotline.Failure{Words: "It was not delivered, and the carrier does not say why. Try once more, or reach the person another way if that is safe."}
	}
	return &hotline.Failure{
		Code:  code,
		Words: fmt.Sprintf("It was not delivered. The carrier's code is %d: tell your administrator, and reach the person another way if that is safe.", code),
	}
}

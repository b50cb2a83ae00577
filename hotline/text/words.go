package text

import "strings"

// vocabulary is, for each language in Latin letters, words that tell it apart, then after a bar words that are merely
// common in it. They are the words of short messages, and of those who ask for help; accents are taken off on both
// sides. A word that stands in several languages counts less for each. They were collected for this house; mend them
// freely, the tests beside say what must hold.
var vocabulary = map[string]string{
	"da": `pige piger hjælpen uden ude sige sagde syg mad bruger uge sidder lukket lukker døren hver dag dage selv nok
		andre jeg mig hjælp hjaelp hvad hvor hvordan hvorfor ikke noget nogen også bange hedder gerne meget penge
		politiet arbejde kæreste mand tvinger truer slår hjem væk brug bruge snakke taler dansk tak hvem ham hende
		dig bliver skriv ring ringe tør kommer måske altid aldrig lejlighed pas ud går får fået faar maa taget ondt
		| og er har at det en et der den de du vi med på til af for kan vil skal må nu ja nej hej så som min mit
		mine han hun sig fra om efter lige bor dem os i`,
	"no": `jente jenter hjelpen uten ute sier sa syk mat bruker uke sitter låst døra hver dag dager selv nok tatt
		passet andre jeg meg hjelp hva hvor hvordan hvorfor ikke noe noen også redd heter gjerne mye penger politiet
		jobber kjæreste trenger tvinger truer slår hjem snakke snakker ringe tør norsk takk hvem henne deg blir
		skriv kommer bare etter vært ut gjør skjer vet leilighet nå | og er har at det en et der den de du vi med på
		til av for kan vil skal må ja nei hei så som min mitt mine han hun seg fra om bor dem oss i`,
	"sv": `tagit hjälpen tjej utan sjuk mat använder vecka sitter låst dörren själv jag mig hjälp vad var hur varför
		inte något någon också rädd heter gärna mycket pengar polisen arbetar pojkvän behöver tvingar hotar slår
		hemma prata pratar svenska tack vem henne dig blir skriv ringa kommer bara efter vill snälla är och får inga
		lägenhet han hon sig kanske | det en ett den de du vi med på till av för kan ska måste nu ja nej hej så som
		min mitt mina från om bor dem oss i att`,
	"en": `help please the what where why how this that they them you your want need can't cannot afraid scared police
		passport money work boyfriend someone somebody anyone safe leave took taken don't dont know speak english
		thank thanks because with have from not hurt husband home tell threatening hurting talk away kill locked
		could would should there here who when phone alone girl woman | i i'm im me my am is are was it and to a in
		of for he she we do if be on at his her him no yes out will can but now us so or has go get hi hello call`,
	"pcm": `abeg dey wetin una sabi pikin oga wahala comot pesin wey moni epp plis dis dat wan mek wia waka abi sef
		oyinbo dia tok gree hia tins sey shey ehn commot dem inside wetin's nawa | na no don fit make say am e i go
		im di carry come for`,
	"ro": `inchisa închisă tin țin apartament obligă obliga plătesc platesc datorie ajutor ajutati ajută ajută-mă
		ajutati-ma ajuta sunt nu vreau este unde cum ce cine aici frică frica bani banii poliția politia lucrez
		muncă munca acasă acasa pașaport pasaport pasaportul luat bate vorbesc românește romana mulțumesc multumesc
		vă rog trebuie pot să și pentru mă ma îmi imi fără fara iubitul soțul sotul lasă plec copil fata bărbat buna
		bună ziua salut dar asta acum foarte nimeni cineva știu stiu | am ai la in în de cu pe o un din el ea mi te
		va sa si da că ca ne au lui mea meu mine`,
	"fr": `menacée menace enfermée enfermé rentrer je j'ai suis aide aidez aidez-moi besoin bonjour où pourquoi comment
		quoi qui pas peur argent travail passeport s'il vous plaît plait merci parle français francais mon mari
		maison avec pour dans mais être chez frappe moi c'est quelqu'un partir veux peux sais avez oui trop pris
		sortir battre | de la le les un une des et est à a au en ne me que il elle on nous tu te sa son ma mes ce
		cette du plus ici non ils y`,
	"es": `obligan cuánto cuanto cuesta trabajar encerrada encerrado piso volver ayuda ayúdame ayudame necesito estoy
		tengo miedo dinero policía policia pasaporte trabajo por favor dónde donde cómo como qué quiero puedo hablo
		español espanol gracias hola mi marido novio casa pero muy aquí aqui ahora quitaron pega soy quién quien
		alguien salir ellos hombre mujer usted puede ustedes ayudarme nadie el los | la de y en un una las se me no
		que con para es yo su lo al del te le si sí mis tu nos mas más ya esta está`,
	"pt": `ajuda ajude preciso estou tenho medo dinheiro polícia policia passaporte trabalho por favor onde como quero
		posso falo português portugues obrigada obrigado olá ola meu marido namorado casa mas muito aqui agora não
		nao alguém alguem sair eles homem mulher você voce eu sou uma minha ajudar quem bate tomaram | de e o a os
		as em um para com que se me no na do da é por isso seu sua nos ele ela mais`,
	"it": `aiuto aiutami bisogno sono ho paura soldi polizia passaporto lavoro per favore dove come perché perche
		voglio posso parlo italiano grazie ciao mio marito ragazzo casa molto qui adesso qualcuno uscire uomo donna
		questo che non sto picchia preso loro anche nessuno aiutarmi aiutare potete | di e il la lo le gli un una in
		con per mi si a da del della è ma io tu lui lei noi ci ha hanno no al ti`,
	"de": `ich mich hilfe hilf brauche bitte was wo wie warum nicht etwas jemand auch angst heiße geld polizei arbeite
		arbeiten freund mann zwingt bedroht schlägt zuhause sprechen spreche deutsch danke wer ihn dich wird schreib
		kommen vielleicht immer nie wohnung reisepass weg weggenommen haben habe bin und ist kein keine sie mir kann
		| der die das ein eine er es du wir mit auf zu von für will muss jetzt ja nein hallo so mein meine im den
		dem hat aus nach uns in an`,
	"nl": `ik mij hulp nodig alsjeblieft wat waar hoe waarom niet iets iemand ook bang heet geld politie werk werken
		vriend dwingt bedreigt slaat thuis praten spreek nederlands dank wie hem jij jou wordt bellen komen
		misschien altijd nooit paspoort weg afgepakt hebben heb ben en een het geen zijn mijn kan moet | de hij zij
		je we met op te van voor wil nu ja nee hallo zo die dat is in aan uit naar ons om er`,
	"pl": `pomocy pomoc pomóż pomoz potrzebuję potrzebuje jestem mam boję boje się sie pieniądze pieniadze policja
		policji paszport praca pracuję proszę prosze gdzie jak dlaczego chcę chce mogę moge mówię mowie polsku
		dziękuję dziekuje cześć czesc mój mąż chłopak dom ale bardzo tutaj teraz ktoś nie co jest zabrali bije wyjść
		mnie mi są dzień dobry kto czy oni | i w na do z to o po ja ty on ona za od dla tak no go jej`,
	"cs": `pomoc pomozte potřebuji potrebuji jsem mám mam bojím bojim peníze penize policie pas práce prace prosím
		prosim kde jak proč chci můžu muzu mluvím česky cesky děkuji dekuji ahoj můj muž přítel dům ale velmi tady
		teď někdo nekdo není vzali bije odejít mě co je nevím nevim dobrý den kdo jsou oni se | a v na do z to o po
		já ty on ona za od pro ano ne mi`,
	"sk": `pomoc pomôžte pomozte potrebujem som mám mam bojím bojim peniaze polícia policia pas práca praca prosím
		prosim kde ako prečo chcem môžem mozem hovorím slovensky ďakujem dakujem ahoj môj muž priateľ ale veľmi tu
		teraz niekto nie vzali bije odísť ma čo je neviem dobrý deň kto sú oni sa | a v na do z to o po ja ty on ona
		za od pre áno mi`,
	"hu": `bezártak bezartak lakás lakásban elmenni kényszerítenek segítség segitseg segítsen segíts segits segítsenek
		kérem kerem kell vagyok félek felek pénz penz pénzem rendőrség rendorseg útlevél utlevelem útlevelem
		dolgozom munka hol hogyan miért mert akarok tudok beszélek magyarul köszönöm koszonom szia férjem barátom
		otthon nagyon itt most valaki nem mit elvették elvettek megver bánt engem nekem van vannak hogy meg csak jó
		napot kérek segítségre szükségem aki innen menni | a az és es egy is de ha ki be el ez azt én en te ő mi ti`,
	"vi": `tôi toi giúp giup xin làm ơn cần can sợ không khong tiền tien cảnh sát hộ chiếu việc ở đâu dau tại sao muốn
		muon nói tiếng tieng việt viet cảm cám chào chồng nhà đây bây giờ ai đánh lấy mất người nguoi em anh chị bị
		được duoc phải đang những của cho với này họ tui mình biết gì | la là co có va và o mot một ma mà`,
	"tr": `yardım yardim edin bana lütfen lutfen ihtiyacım ihtiyacim var korkuyorum para polis pasaport pasaportumu
		çalışıyorum iş nerede nasıl neden istiyorum konuşuyorum türkçe turkce teşekkür tesekkur merhaba kocam erkek
		arkadaşım ev ama çok cok burada şimdi simdi biri değil degil aldılar aldilar dövüyor beni benim ben yok ne
		kim | ve bir bu da de o mi için ile gibi daha`,
	"sq": `ndihmë ndihme ndihmoni më me ndihmo dua kam frikë frike para policia polici pasaportë pasaporten punë pune
		ku si pse mund flas shqip faleminderit përshëndetje burri dashnori shtëpi shtepi por shumë shume këtu ketu
		tani dikush nuk çfarë cfare është eshte jam jemi janë jane morën rreh iku kush lutem ju mua unë une | dhe e
		i të te në ne një nje për per se nga do po jo ai ajo`,
	"lt": `pagalba pagalbos padėkite padekite reikia esu turiu bijau pinigai pinigų policija pasas pasą darbas dirbu
		prašau prasau kur kaip kodėl noriu galiu kalbu lietuviškai lietuviskai ačiū aciu labas mano vyras vaikinas
		namai bet labai čia cia dabar kažkas yra atėmė muša man mane kas ne nežinau | ir i į su is iš tai as aš tu
		jis ji mes`,
	"lv": `palīdziet palidziet palīdzību palidzibu vajag esmu man bail nauda naudu policija pase pasi darbs strādāju
		lūdzu ludzu kur kā kāpēc gribu varu runāju latviski paldies sveiki mans vīrs draugs mājas bet ļoti loti šeit
		tagad kāds ir atņēma sit mani kas nav nezinu | un ar es tu viņš vina mēs no uz par ka`,
	"et": `aidake appi abi vaja olen mul kardan raha politsei passi töö tööl palun kus kuidas miks tahan saan räägin
		eesti keelt aitäh aitah tere minu mees kodu aga väga vaga siin praegu keegi ei mida võttis lööb mind kes on
		nad | ja see et ta ma sa me kui ka oma`,
	"hr": `pomoć pomoc upomoć pomozite trebam treba mi sam imam strah novac policija putovnica pasoš pasos posao radim
		molim gdje gde kako zašto zasto želim zelim mogu govorim hrvatski srpski bosanski hvala zdravo bok moj muž
		dečko decko kući kuci ali jako ovdje ovde sada netko neko nije uzeli tuče otići mene što šta sta koji ko su
		oni | i u na je da se za od do to on ona ne ja ti`,
	"tl": `tulong tulungan ako ko kailangan takot pera pulis pasaporte trabaho po opo saan paano bakit gusto kaya
		nagsasalita tagalog salamat kumusta asawa bahay pero dito ngayon may wala hindi ano sino kinuha sinasaktan
		kami nila niya siya mga ang ng kasi | sa na at ay ba lang nga yung akin`,
	"so": `caawimaad caawi fadlan waan waxaan baahanahay ahay cabsanayaa lacag booliska baasaboor shaqo xaggee sidee
		maxay rabaa hadlaa soomaali mahadsanid salaan ninkayga guriga laakiin halkan hadda qof ma aha qaateen i
		garaaca | iyo waa ka ku u la oo wax`,
	"sw": `msaada nisaidie nisaidieni tafadhali nahitaji ninaogopa naogopa pesa polisi pasipoti kazi wapi vipi kwanini
		nataka naweza nasema kiswahili asante habari mume wangu nyumbani lakini sana hapa sasa mtu hapana nini nani
		wamechukua ananipiga mimi yangu | na ya wa ni kwa la cha za si`,
	"id": `tolong bantu bantuan saya aku butuh takut uang polisi paspor kerja bekerja di mana bagaimana kenapa mau bisa
		bicara bahasa indonesia terima kasih halo suami pacar rumah tapi sangat sini sekarang seseorang tidak apa
		siapa mereka diambil dipukul ada yang dengan untuk | dan ini itu ke dari`,
}

// vote is what a word says for a language.
type vote struct {
	language string
	weight   int
}

// A word that tells a language apart is enough for a guess; of common ones it takes some.
const (
	telling = 12
	common  = 6
)

// votes is the vocabulary by word, each word's weight shared among its languages.
var votes = readVocabulary()

func readVocabulary() map[string][]vote {
	all := map[string][]vote{}
	for language, list := range vocabulary {
		strong, weak, _ := strings.Cut(list, "|")
		for _, part := range []struct {
			words  string
			weight int
		}{{strong, telling}, {weak, common}} {
			for _, word := range words(part.words) {
				if !has(all[word], language) {
					all[word] = append(all[word], vote{language, part.weight})
				}
			}
		}
	}
	for _, list := range all {
		for i := range list {
			list[i].weight /= len(list)
		}
	}
	return all
}

func has(list []vote, language string) bool {
	for _, v := range list {
		if v.language == language {
			return true
		}
	}
	return false
}

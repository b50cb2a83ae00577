// Package outside asks addresses that strangers gave us: where the carrier keeps a file, where a browser wants to be
// pushed, where somebody keeps a calendar.
//
// Such an address is a stranger's word, so nothing of ours goes along, and nothing inside our own network is ever asked,
// whatever a name resolves to at the moment of the connection. It keeps no connection, and nothing else depends on it.
package outside

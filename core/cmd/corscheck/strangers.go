package main

import (
	"net/netip"
	"strings"
)

// A stranger is an origin that attackers can get, or nearly so, and the mistake
// by which servers let it in.
type stranger struct {
	origin  string
	mistake string
	mild    bool // whether it is let in may well be meant
}

// anyStranger resembles nothing: who lets it in lets in everybody. The name is
// reserved, so that it is on nobody's list.
const anyStranger = "https://stranger.example"

// strangers derives from an origin those that get past the usual mistakes.
func strangers(origin string) []stranger {
	list := []stranger{
		{origin: anyStranger, mistake: "the server lets in every origin, by repeating what it is sent"},
		{origin: "null", mistake: "every site can send this origin, by a sandboxed frame; do not list it"},
	}
	scheme, host, port := splitOrigin(origin)
	if host == "" {
		return list
	}
	add := func(scheme, host, mistake string, mild bool) {
		list = append(list, stranger{scheme + "://" + host + port, mistake, mild})
	}
	if strings.HasPrefix(host, "[") {
		return list
	}
	add(scheme, host+".evil.example", "the server compares only how origins begin; compare them as a whole", false)
	if _, err := netip.ParseAddr(host); err == nil {
		return list
	}
	add(scheme, "evil"+host, "the server compares only how origins end; compare them as a whole", false)
	if first, rest, ok := strings.Cut(host, "."); ok {
		add(scheme, first+"x"+rest, `a dot in the server's regular expression stands for any character; write \. for it`, false)
		add(scheme, "evil."+host, "so is every subdomain, a forgotten one too", true)
		if scheme == "https" && port == "" {
			add("http", host, "anybody on the network can tamper with http, and so send this origin; let in https only", false)
		}
	}
	return list
}

// splitOrigin cuts an origin of a web page into its parts. The port has its
// colon.
func splitOrigin(origin string) (scheme, host, port string) {
	scheme, rest, ok := strings.Cut(origin, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return "", "", ""
	}
	if i := strings.LastIndexByte(rest, ':'); i > strings.LastIndexByte(rest, ']') {
		return scheme, rest[:i], rest[i:]
	}
	return scheme, rest, ""
}

// A relative is an origin that people take for the same as another.
type relative struct {
	origin string
	hint   string // what to do if the server lets in this one
}

// relatives returns the origins with which an origin is confused.
func relatives(origin string) []relative {
	scheme, host, port := splitOrigin(origin)
	if host == "" {
		return nil
	}
	list := []relative{{origin + "/",
		"the server lets in \"" + origin + "/\", but browsers send no trailing slash: write \"" + origin + "\" in its list of origins"}}
	add := func(to, host, why string) {
		o := to + "://" + host + port
		hint := "the server lets in \"" + o + "\": " + why + "; open the page there"
		if to == scheme || scheme == "https" {
			hint += ", or let in \"" + origin + "\" too"
		}
		list = append(list, relative{o, hint})
	}
	loopbacks := []string{"localhost", "127.0.0.1", "[::1]"}
	for _, self := range loopbacks {
		for _, other := range loopbacks {
			if host == self && other != self {
				add(scheme, other, "localhost, 127.0.0.1 and [::1] are different origins to a browser")
			}
		}
	}
	add(map[string]string{"http": "https", "https": "http"}[scheme], host, "http and https are different origins to a browser")
	if bare, ok := strings.CutPrefix(host, "www."); ok {
		add(scheme, bare, "with and without www. are different origins to a browser")
	} else if strings.Contains(host, ".") && !strings.HasPrefix(host, "127.") {
		add(scheme, "www."+host, "with and without www. are different origins to a browser")
	}
	return list
}

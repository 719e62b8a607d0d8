package origin

import (
	"net/netip"
	"strconv"
	"strings"
)

// EndsInNumber reports whether URL parsers treat a host in lower case as an IPv4
// address, valid or not.
//
// https://url.spec.whatwg.org/#ends-in-a-number-checker
func EndsInNumber(host string) bool {
	last := host[strings.LastIndexByte(host, '.')+1:]
	digits := "0123456789"
	if hex, ok := strings.CutPrefix(last, "0x"); ok {
		last, digits = "0"+hex, "0123456789abcdef"
	}
	return last != "" && strings.Trim(last, digits) == ""
}

// ParseIPv4 parses a host in lower case as URL parsers parse an IPv4 address: one to
// four numbers. The last number fills the remaining bytes.
//
// https://url.spec.whatwg.org/#concept-ipv4-parser
func ParseIPv4(host string) (netip.Addr, bool) {
	numbers := strings.Split(host, ".")
	if len(numbers) > 4 {
		return netip.Addr{}, false
	}
	var sum uint64
	for i, text := range numbers {
		n, ok := parseNumber(text)
		last := i == len(numbers)-1
		switch {
		case !ok, !last && n > 255, last && n >= 1<<(8*(5-len(numbers))):
			return netip.Addr{}, false
		case last:
			sum += n
		default:
			sum += n << (8 * (3 - i))
		}
	}
	return netip.AddrFrom4([4]byte{byte(sum >> 24), byte(sum >> 16), byte(sum >> 8), byte(sum)}), true
}

// parseNumber parses a decimal, octal or hexadecimal number.
//
// https://url.spec.whatwg.org/#ipv4-number-parser
func parseNumber(s string) (n uint64, ok bool) {
	base, digits := 10, s
	if hex, isHex := strings.CutPrefix(s, "0x"); isHex {
		base, digits = 16, "0"+hex
	} else if len(s) > 1 && s[0] == '0' {
		base = 8
	}
	n, err := strconv.ParseUint(digits, base, 64)
	return n, err == nil // with a base, ParseUint accepts digits only
}

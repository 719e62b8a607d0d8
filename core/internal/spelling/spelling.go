// Package spelling finds the word that was probably meant by a misspelled one.
package spelling

import "strings"

// maxLen is the length of the longest word that is compared.
const maxLen = 64

// Nearest returns the candidate that is most similar to a word, or an empty
// string if none is similar. It ignores case.
func Nearest(candidates []string, word string) string {
	best, closest := "", 3
	for _, c := range candidates {
		d := min(Distance(plain(c), plain(word)), Distance(strings.ToLower(c), strings.ToLower(word)))
		if d < closest {
			best, closest = c, d
		}
	}
	return best
}

// plain removes the parts in which the names of settings differ between libraries:
// "allow", "Access-Control-", underscores and dashes.
func plain(s string) string {
	s = strings.NewReplacer("_", "", "-", "").Replace(strings.ToLower(s[:min(len(s), maxLen)]))
	return strings.TrimPrefix(strings.TrimPrefix(s, "accesscontrol"), "allow")
}

// Distance returns the number of bytes to insert, delete or replace to turn a
// into b, or a larger number if that is more than two. It computes only the part
// of the table that this needs, because one of the words may come from an
// attacker.
//
// https://en.wikipedia.org/wiki/Levenshtein_distance
func Distance(a, b string) int {
	const near = 2
	if len(a) > maxLen || len(b) > maxLen || len(a)-len(b) > near || len(b)-len(a) > near {
		return maxLen
	}
	var row [maxLen + 1]int
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		from := max(i-near, 0)
		diagonal := row[from]
		row[from] = i + 1
		for j := from; j < min(len(b), i+near+1); j++ {
			substituted := diagonal
			if a[i] != b[j] {
				substituted++
			}
			diagonal = row[j+1]
			row[j+1] = min(substituted, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

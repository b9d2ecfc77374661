package nnc

import (
	"sort"
	"strings"
)

// near lists the known names that differ from name by a slip of the pen, the
// nearest first.
func near(name string, known []string) []string {
	var out []string
	at := map[string]int{}
	for _, k := range known {
		d := distance(strings.ToLower(name), strings.ToLower(k))
		if d <= max(1, len(name)/3) && d < len(k) {
			out, at[k] = append(out, k), d
		}
	}
	sort.SliceStable(out, func(i, j int) bool { return at[out[i]] < at[out[j]] })
	return out
}

// distance counts insertions, deletions, replacements and swaps of neighbours
// (Damerau 1964, optimal string alignment).
func distance(a, b string) int {
	s, t := []rune(a), []rune(b)
	if len(s) > 64 || len(t) > 64 { // no slip of the pen
		return max(len(s), len(t))
	}
	d := make([][]int, len(s)+1)
	for i := range d {
		d[i] = make([]int, len(t)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(s); i++ {
		for j := 1; j <= len(t); j++ {
			cost := 1
			if s[i-1] == t[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && s[i-1] == t[j-2] && s[i-2] == t[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(s)][len(t)]
}

package syntax

import "unicode"

// isLetter and isDigit are the name characters of the reference, [\pL_] and
// [\pL\pN_].
func isLetter(r rune) bool { return r == '_' || unicode.IsLetter(r) }
func isDigit(r rune) bool  { return unicode.IsNumber(r) }

// superscripts are numbers to Unicode, but x² would look like a power.
const superscripts = "⁰¹²³⁴⁵⁶⁷⁸⁹"

// notNFC holds the letters that normalisation form C (UAX 15) replaces or
// joins: the singletons and composition exclusions that are letters, and the
// conjoining Hangul jamo. Every other sequence of letters and numbers is in
// NFC already, since combining marks are not name characters. So two names
// that look the same because of normalisation cannot both be written.
var notNFC = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x0374, 0x0374, 1}, {0x0958, 0x095f, 1}, {0x09dc, 0x09dd, 1}, {0x09df, 0x09df, 1},
		{0x0a33, 0x0a36, 3}, {0x0a59, 0x0a5b, 1}, {0x0a5e, 0x0a5e, 1}, {0x0b5c, 0x0b5d, 1},
		{0x0f43, 0x0f43, 1}, {0x0f4d, 0x0f57, 5}, {0x0f5c, 0x0f5c, 1}, {0x0f69, 0x0f69, 1},
		{0x1100, 0x11ff, 1}, {0x1f71, 0x1f7d, 2}, {0x1fbb, 0x1fbe, 3}, {0x1fc9, 0x1fcb, 2},
		{0x1fd3, 0x1feb, 8}, {0x1ff9, 0x1ffb, 2}, {0x2126, 0x2126, 1}, {0x212a, 0x212b, 1},
		{0xa960, 0xa97f, 1}, {0xd7b0, 0xd7ff, 1},
		{0xf900, 0xfa0d, 1}, {0xfa10, 0xfa12, 2}, {0xfa15, 0xfa1e, 1}, {0xfa20, 0xfa22, 2},
		{0xfa25, 0xfa26, 1}, {0xfa2a, 0xfad9, 1}, {0xfb1d, 0xfb1f, 2}, {0xfb2a, 0xfb4e, 1},
	},
	R32: []unicode.Range32{{0x2f800, 0x2fa1d, 1}},
}

// invisible reports whether r cannot be seen but changes what is read:
// control characters other than tab and newline, bidirectional controls
// ("Trojan Source", CVE-2021-42574), line separators, zero-width characters.
// Joiners are refused only outside comments, where scripts need them.
func invisible(r rune, inComment bool) bool {
	switch {
	case r < ' ':
		return r != '\t' && r != '\n'
	case r >= 0x7f && r < 0xa0, bidi(r), r == 0x2028, r == 0x2029, r == 0xfeff:
		return true
	case r == 0x200b, r == 0x200c, r == 0x200d, r == 0x2060, r == 0x00ad:
		return !inComment
	}
	return false
}

func bidi(r rune) bool {
	return r == 0x061c || r == 0x200e || r == 0x200f || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069
}

func isMark(r rune) bool  { return unicode.IsMark(r) }
func inTable(r rune) bool { return unicode.Is(notNFC, r) }

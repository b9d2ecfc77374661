package data

import (
	"fmt"
	"strconv"
	"strings"
)

// npyHeader is the dictionary at the head of an array in numpy's format.
type npyHeader struct {
	descr   string // byte order and type, "<f8"
	fortran bool   // column-major
	shape   []int
}

// parseNPYHeader reads the one form of Python literal that a header has,
//
//	{'descr': '<f8', 'fortran_order': False, 'shape': (2, 3), }
//
// followed by spaces and a newline.
func parseNPYHeader(text string) (*npyHeader, error) {
	s := &pyScanner{text: text}
	h := &npyHeader{}
	seen := map[string]bool{}
	s.expect('{')
	for s.err == nil && !s.skip('}') {
		key := s.str()
		if seen[key] {
			s.fail("key %q occurs twice", key)
		}
		seen[key] = true
		s.expect(':')
		switch key {
		case "descr":
			h.descr = s.str()
		case "fortran_order":
			h.fortran = s.boolean()
		case "shape":
			h.shape = s.shape()
		default:
			s.fail("unknown key %q", key)
		}
		if !s.skip(',') {
			s.expect('}')
			break
		}
	}
	if rest := strings.TrimLeft(text[s.at:], " "); rest != "\n" {
		s.fail("the dictionary is not followed by spaces and a newline")
	}
	if len(seen) != 3 || len(h.descr) < 2 {
		s.fail("a header has descr, fortran_order and shape")
	}
	return h, s.err
}

// pyScanner reads tokens of text from at on and keeps the first error.
type pyScanner struct {
	text string
	at   int
	err  error
}

func (s *pyScanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf("header byte %d: %s", s.at, fmt.Sprintf(format, args...))
	}
}

// skip passes over spaces and then c if it is there.
func (s *pyScanner) skip(c byte) bool {
	for s.at < len(s.text) && s.text[s.at] == ' ' {
		s.at++
	}
	if s.at < len(s.text) && s.text[s.at] == c {
		s.at++
		return true
	}
	return false
}

func (s *pyScanner) expect(c byte) {
	if !s.skip(c) {
		s.fail("expected %q", c)
	}
}

// str reads a string of plain characters in either kind of quotes.
func (s *pyScanner) str() string {
	quote := byte('\'')
	if !s.skip(quote) {
		quote = '"'
		s.expect(quote)
	}
	begin := s.at
	for s.at < len(s.text) && s.text[s.at] != quote {
		if c := s.text[s.at]; c < ' ' || c > '~' || c == '\\' {
			s.fail("%q in a string", c)
			return ""
		}
		s.at++
	}
	word := s.text[begin:s.at]
	s.expect(quote)
	return word
}

func (s *pyScanner) boolean() bool {
	s.skip(0) // spaces
	for word, v := range map[string]bool{"True": true, "False": false} {
		if strings.HasPrefix(s.text[s.at:], word) {
			s.at += len(word)
			return v
		}
	}
	s.fail("expected True or False")
	return false
}

// shape reads a tuple of sizes: (), (2,), (2, 3).
func (s *pyScanner) shape() []int {
	shape := []int{}
	s.expect('(')
	comma := true
	for s.err == nil && !s.skip(')') {
		if len(shape) == maxNPYRank {
			s.fail("more than %d axes", maxNPYRank)
		}
		if !comma {
			s.fail("expected a comma")
		}
		begin := s.at
		for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
			s.at++
		}
		digits := s.text[begin:s.at]
		n, err := strconv.ParseInt(digits, 10, strconv.IntSize)
		if err != nil || len(digits) > 1 && digits[0] == '0' {
			s.fail("expected a size")
		}
		shape = append(shape, int(n))
		comma = s.skip(',')
	}
	if len(shape) == 1 && !comma {
		s.fail("(%d) is a number in Python, not a tuple", shape[0])
	}
	return shape
}

package runtime

import (
	"encoding/json"
	"fmt"
	"strconv"
	"unicode/utf8"
)

// maxRank bounds the shape of a tensor in a file.
const maxRank = 64

// parseHeader reads the one form of JSON a header may have. encoding/json would
// take duplicate keys, keys in other case and any nesting.
func parseHeader(text []byte) (*header, error) {
	h := &header{tensors: map[string]tensor{}}
	s := &scanner{text: text}
	if len(text) == 0 || text[0] != '{' {
		return nil, s.fail("a header begins with {")
	}
	err := s.object(func(key string) error {
		if key == metadataKey {
			h.meta = map[string]string{}
			return s.object(func(key string) (err error) {
				h.meta[key], err = s.str()
				return err
			})
		}
		t, err := s.tensor()
		h.tensors[key] = t
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, c := range s.text[s.at:] {
		if c != ' ' {
			return nil, s.fail("only spaces may follow the header")
		}
	}
	return h, nil
}

// tensor reads {"dtype":"F32","shape":[…],"data_offsets":[b,e]}.
func (s *scanner) tensor() (t tensor, err error) {
	fields := 0
	err = s.object(func(key string) (err error) {
		fields++
		switch key {
		case "dtype":
			t.dtype, err = s.str()
		case "shape":
			t.shape, err = s.integers(maxRank)
		case "data_offsets":
			var o []uint64
			o, err = s.integers(2)
			if err == nil && len(o) != 2 {
				err = s.fail("data_offsets are two numbers")
			}
			if err == nil {
				t.begin, t.end = o[0], o[1]
			}
		default:
			err = s.fail("unknown field " + strconv.Quote(key))
		}
		return err
	})
	if err == nil && fields != 3 {
		err = s.fail("a tensor has dtype, shape and data_offsets")
	}
	return t, err
}

// scanner reads JSON tokens of text from at on.
type scanner struct {
	text []byte
	at   int
}

func (s *scanner) fail(msg string) error {
	return fmt.Errorf("header byte %d: %s", s.at, msg)
}

// peek returns the next byte after white space, 0 at the end.
func (s *scanner) peek() byte {
	for s.at < len(s.text) {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\n', '\r':
			s.at++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) expect(c byte) error {
	if s.peek() != c {
		return s.fail("expected " + strconv.QuoteRune(rune(c)))
	}
	s.at++
	return nil
}

// list reads comma-separated items up to the closing byte.
func (s *scanner) list(open, end byte, item func() error) error {
	if err := s.expect(open); err != nil {
		return err
	}
	if s.peek() == end {
		s.at++
		return nil
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if s.peek() == end {
			s.at++
			return nil
		}
		if err := s.expect(','); err != nil {
			return err
		}
	}
}

// object reads an object, calling value at each value; a key comes once.
func (s *scanner) object(value func(key string) error) error {
	seen := map[string]bool{}
	return s.list('{', '}', func() error {
		key, err := s.str()
		if err != nil {
			return err
		}
		if seen[key] {
			return s.fail("duplicate key " + strconv.Quote(key))
		}
		seen[key] = true
		if err := s.expect(':'); err != nil {
			return err
		}
		return value(key)
	})
}

// integers reads an array of at most most non-negative integers.
func (s *scanner) integers(most int) ([]uint64, error) {
	v := []uint64{}
	err := s.list('[', ']', func() error {
		if len(v) == most {
			return s.fail("too many numbers")
		}
		s.peek()
		begin := s.at
		for s.at < len(s.text) && s.text[s.at] >= '0' && s.text[s.at] <= '9' {
			s.at++
		}
		digits := string(s.text[begin:s.at])
		n, err := strconv.ParseUint(digits, 10, 63)
		if err != nil || len(digits) > 1 && digits[0] == '0' {
			return s.fail("expected a non-negative integer")
		}
		v = append(v, n)
		return nil
	})
	return v, err
}

// str reads a string; what is between the quotes is left to encoding/json.
func (s *scanner) str() (string, error) {
	if s.peek() != '"' {
		return "", s.fail("expected a string")
	}
	for end := s.at + 1; end < len(s.text); end++ {
		switch s.text[end] {
		case '\\':
			end++
		case '"':
			raw := s.text[s.at : end+1]
			var v string
			if !utf8.Valid(raw) || json.Unmarshal(raw, &v) != nil {
				return "", s.fail("bad string")
			}
			s.at = end + 1
			return v, nil
		}
	}
	return "", s.fail("the string has no end")
}

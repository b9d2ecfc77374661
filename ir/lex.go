package ir

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// token is one token of the text form: an identifier (dots and primes
// included), a number, a string in quotes, or a symbol.
type token struct {
	kind byte // 'i', 'n', 's', or 'o'; 0 at the end
	text string
	line int
}

var symbols = []string{"..", "==", "!=", "<=", ">=", "+=", "<", ">", "=", "+", "-", "*", "/", "%", "^", "(", ")", "[", "]", ",", ":", "~", "$"}

func lex(src string) ([]token, error) {
	var out []token
	line := 1
next:
	for i := 0; i < len(src); {
		c := src[i]
		switch {
		case c == '\n':
			out = append(out, token{'o', "\n", line})
			line++
			i++
			continue
		case c == ' ' || c == '\t' || c == '\r':
			i++
			continue
		case strings.HasPrefix(src[i:], "//"):
			j := strings.IndexByte(src[i:], '\n')
			if j < 0 {
				j = len(src) - i
			}
			out = append(out, token{'c', strings.TrimSpace(src[i+2 : i+j]), line})
			i += j
			continue
		case c == '"':
			j := strings.IndexByte(src[i+1:], '"')
			if j < 0 {
				return nil, fmt.Errorf("line %d: string without an end", line)
			}
			out = append(out, token{'s', src[i+1 : i+1+j], line})
			i += j + 2
			continue
		case c >= '0' && c <= '9':
			j := i
			for j < len(src) && src[j] >= '0' && src[j] <= '9' {
				j++
			}
			if j+1 < len(src) && src[j] == '.' && src[j+1] >= '0' && src[j+1] <= '9' {
				j++
				for j < len(src) && src[j] >= '0' && src[j] <= '9' {
					j++
				}
			}
			if j < len(src) && (src[j] == 'e' || src[j] == 'E') {
				k := j + 1
				if k < len(src) && (src[k] == '+' || src[k] == '-') {
					k++
				}
				if k < len(src) && src[k] >= '0' && src[k] <= '9' {
					for k < len(src) && src[k] >= '0' && src[k] <= '9' {
						k++
					}
					j = k
				}
			}
			out = append(out, token{'n', src[i:j], line})
			i = j
			continue
		}
		if r, _ := utf8.DecodeRuneInString(src[i:]); r == '_' || unicode.IsLetter(r) {
			j := i
			for j < len(src) {
				r, n := utf8.DecodeRuneInString(src[j:])
				dot := r == '.' && !strings.HasPrefix(src[j:], "..")
				if r != '_' && r != '\'' && !dot && !unicode.IsLetter(r) && !unicode.IsNumber(r) {
					break
				}
				j += n
			}
			out = append(out, token{'i', src[i:j], line})
			i = j
			continue
		}
		for _, s := range symbols {
			if strings.HasPrefix(src[i:], s) {
				out = append(out, token{'o', s, line})
				i += len(s)
				continue next
			}
		}
		return nil, fmt.Errorf("line %d: unexpected %q", line, src[i])
	}
	return append(out, token{0, "end", line}), nil
}

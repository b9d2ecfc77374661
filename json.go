package nnc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// maxNesting bounds how deep lists and objects of the input may nest.
const maxNesting = 100

// node is a JSON value as it was written: keys in order, numbers as text, so
// that each is rounded once, to the type it is wanted in.
type node struct {
	kind  byte     // 'n'ull, 'b'ool, '0' number, '"' string, '[', '{'
	text  string   // of a bool, number or string
	keys  []string // of an object
	items []node   // of a list or an object
}

// parseJSON reads exactly one JSON value. What encoding/json lets pass, two
// equal keys and broken UTF-8, is an error.
func parseJSON(src []byte) (node, error) {
	if !utf8.Valid(src) {
		return node{}, errors.New("input is not UTF-8")
	}
	dec := json.NewDecoder(bytes.NewReader(src))
	dec.UseNumber()
	n, err := readNode(dec, "input", 0)
	if err == nil {
		if _, end := dec.Token(); end != io.EOF {
			err = errors.New("something follows the JSON object")
		}
	}
	if err != nil {
		return node{}, jsonError(src, dec, err)
	}
	return n, nil
}

// jsonError says where in the input the decoder stands.
func jsonError(src []byte, dec *json.Decoder, err error) error {
	at := dec.InputOffset()
	var syntax *json.SyntaxError
	switch {
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("input ends in the middle of a JSON value")
	case errors.As(err, &syntax):
		// The decoder counts from the token; its own offset is closer.
		at = max(at, min(syntax.Offset-1, int64(len(src))))
		for _, word := range []string{"NaN", "Infinity", "-Infinity", "Inf", "-Inf"} {
			rest := bytes.TrimLeft(src[min(dec.InputOffset(), int64(len(src))):], " \t\r\n,:")
			if bytes.HasPrefix(rest, []byte(word)) {
				err = errors.New(`JSON has no such number; write "NaN", "Inf" or "-Inf"`)
			}
		}
	}
	before := src[:min(at, int64(len(src)))]
	line := 1 + bytes.Count(before, []byte("\n"))
	col := 1 + utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:])
	return fmt.Errorf("input:%d:%d: %w", line, col, err)
}

func readNode(dec *json.Decoder, path string, depth int) (node, error) {
	t, err := dec.Token()
	if err != nil {
		return node{}, err
	}
	if depth > maxNesting {
		return node{}, fmt.Errorf("more than %d levels of nesting", maxNesting)
	}
	switch t := t.(type) {
	case nil:
		return node{kind: 'n', text: "null"}, nil
	case bool:
		return node{kind: 'b', text: fmt.Sprint(t)}, nil
	case json.Number:
		return node{kind: '0', text: t.String()}, nil
	case string:
		return node{kind: '"', text: t}, nil
	case json.Delim:
		n := node{kind: byte(t)}
		var seen map[string]bool
		if t == '{' {
			seen = map[string]bool{}
		}
		for dec.More() {
			at := path
			if t == '{' {
				k, err := dec.Token()
				if err != nil {
					return node{}, err
				}
				key := k.(string)
				if at = path + "." + key; depth == 0 {
					at = key
				}
				if seen[key] {
					return node{}, fmt.Errorf("the key %s stands twice", at)
				}
				seen[key] = true
				n.keys = append(n.keys, key)
			}
			item, err := readNode(dec, at, depth+1)
			if err != nil {
				return node{}, err
			}
			n.items = append(n.items, item)
		}
		_, err := dec.Token()
		return n, err
	}
	return node{}, fmt.Errorf("unexpected %v", t)
}

// get is the value of a key of an object, or nil.
func (n *node) get(key string) *node {
	if n == nil {
		return nil
	}
	for i, k := range n.keys {
		if k == key {
			return &n.items[i]
		}
	}
	return nil
}

// what describes a value for messages, in a few words.
func (n *node) what() string {
	switch n.kind {
	case '[':
		return "a list"
	case '{':
		return "an object"
	case '"':
		if len(n.text) > 20 {
			return "a string"
		}
		return fmt.Sprintf("the string %q", n.text)
	}
	return n.text
}

// object checks that n is an object with known keys only. What no key can be
// is said with the near ones, or all.
func (n *node) object(path string, known ...string) error {
	if n == nil {
		return nil
	}
	if n.kind != '{' {
		return fmt.Errorf("%s is %s, not an object", path, n.what())
	}
	for _, k := range n.keys {
		if !contains(known, k) {
			return unknown(join(path, k), k, known)
		}
	}
	return nil
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// join makes the path of a key below a path; the top level is "input".
func join(path, key string) string {
	if path == "input" {
		return key
	}
	return path + "." + key
}

// unknown is the error about a name that is none of the known ones.
func unknown(path, name string, known []string) error {
	if len(known) == 0 {
		return fmt.Errorf("%s is unknown; nothing can stand there", path)
	}
	if n := near(name, known); len(n) > 0 {
		return fmt.Errorf("%s is unknown; did you mean %s?", path, strings.Join(n, " or "))
	}
	return fmt.Errorf("%s is unknown; there is %s", path, strings.Join(known, ", "))
}

package nnc

import (
	_ "embed"
	"fmt"
	"strings"
)

// errorsText is the catalogue of diagnostics, a section for each code.
//
//go:embed docs/errors.md
var errorsText string

// ExplainCode tells what a diagnostic code means.
func ExplainCode(code string) (string, error) {
	code = strings.ToUpper(code)
	var codes []string
	for _, s := range strings.Split(errorsText, "\n## ")[1:] {
		head, body, _ := strings.Cut(s, "\n")
		name, _, _ := strings.Cut(head, ":")
		if name == code {
			return head + "\n" + plainText(body), nil
		}
		codes = append(codes, name)
	}
	return "", fmt.Errorf("no diagnostic %s; there are %s", code, strings.Join(codes, " "))
}

// plainText turns fences of Markdown into indented text with a heading.
func plainText(markdown string) string {
	var b strings.Builder
	inside := false
	for _, line := range strings.Split(strings.TrimRight(markdown, "\n"), "\n") {
		switch kind, fence := strings.CutPrefix(line, "```"); {
		case fence && inside:
			inside = false
		case fence:
			inside = true
			b.WriteString(strings.TrimPrefix(kind, "nn ") + ":\n")
		case inside && line != "":
			b.WriteString("    " + line + "\n")
		default:
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

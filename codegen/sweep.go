package codegen

import (
	"regexp"
	"slices"
	"strings"
)

var (
	declares   = regexp.MustCompile(`^(\w+(?:, \w+)*) := `)
	ranges     = regexp.MustCompile(`^for (\w+) := range (.*)$`)
	identifier = regexp.MustCompile(`[\pL_][\pL\pN_]*`)
)

// sweep drops the variables of a method's body that nothing reads: a row that
// was cut for an element whose value is known already, an index that a loop
// does not need. Lines are those of package body: a declaration is a line, and
// a line that opens a block ends with a brace.
func sweep(text string) string {
	lines := strings.Split(text, "\n")
	used := []map[string]bool{{}} // names read further down, by depth of blocks
	top := func() map[string]bool { return used[len(used)-1] }
	note := func(s string) {
		for _, w := range identifier.FindAllString(s, -1) {
			top()[w] = true
		}
	}
	pop := func() {
		inner := top()
		used = used[:len(used)-1]
		for w := range inner {
			top()[w] = true
		}
	}
	var out []string
	for _, line := range slices.Backward(lines) {
		switch {
		case strings.HasPrefix(line, "//"):
			out = append(out, line)
			continue
		case line == "}":
			used = append(used, map[string]bool{})
		case line == "} else {":
			pop()
			used = append(used, map[string]bool{})
		case strings.HasSuffix(line, "{"):
			if m := ranges.FindStringSubmatch(line); m != nil {
				if !top()[m[1]] {
					line = "for range " + m[2]
				}
				delete(top(), m[1])
				pop()
				note(m[2])
			} else {
				pop()
				note(line)
			}
		default:
			if m := declares.FindStringSubmatch(line); m != nil {
				names, any := strings.Split(m[1], ", "), false
				for k, s := range names {
					if !top()[s] {
						names[k] = "_"
					}
					any = any || top()[s]
					delete(top(), s)
				}
				if !any {
					continue
				}
				value := line[len(m[0]):]
				line = strings.Join(names, ", ") + " := " + value
				note(value)
				break
			}
			note(line)
		}
		out = append(out, line)
	}
	slices.Reverse(out)
	return strings.Join(out, "\n")
}

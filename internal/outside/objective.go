package outside

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/nnc-lang/nnc/dsl/syntax"
)

// Objective adds to the text of a case, which states `fn Case`, the loss whose
// gradient the record has: the sum of cot*output over all outputs, with the
// cotangents as data, or of the outputs alone where the record has none. Its
// arguments have the record's sizes, so that symbolic sizes of Case are solved
// by the call.
func Objective(r *Record, src string) (string, error) {
	c, err := caseOf(r.ID, src)
	if err != nil {
		return "", err
	}
	sizes := map[string]int{}
	for _, a := range c.Args {
		x := r.Inputs[a.Name.Name]
		if x == nil {
			return "", fmt.Errorf("%s: the record has no input %s", r.ID, a.Name.Name)
		}
		if a.Type == nil {
			continue
		}
		for k, d := range a.Type.Dims {
			if n, ok := d.Expr.(*syntax.Name); ok {
				sizes[n.Name] = x.Shape[k]
			}
		}
	}
	var args, names []string
	for _, a := range c.Args {
		typ := TypeOf(r.Inputs[a.Name.Name].Shape)
		switch {
		case a.Type != nil && a.Type.In != nil:
			n, err := limit(a.Type.In, sizes)
			if err != nil {
				return "", fmt.Errorf("%s: the range of %s: %w", r.ID, a.Name.Name, err)
			}
			typ += fmt.Sprintf(" in %d", n)
		case a.Type != nil && a.Type.Elem == "bool":
			typ = "bool" + typ
		}
		args = append(args, a.Name.Name+": "+typ)
		names = append(names, a.Name.Name)
	}
	call := "Case(" + strings.Join(names, ", ") + ")"
	var terms []string
	if len(r.Cot) == 0 {
		terms = append(terms, total(call, r.Output.Shape))
	}
	for _, y := range outputs(c) {
		cot := r.Cot[y]
		if cot == nil {
			continue
		}
		args = append(args, "cot_"+y+": "+TypeOf(cot.Shape))
		out := call
		if len(c.Results) > 1 {
			out += "." + y
		}
		terms = append(terms, total("cot_"+y+" * "+out, cot.Shape))
	}
	return fmt.Sprintf("dtype f64\n%sloss Objective(%s) = %s\n", src, strings.Join(args, ", "), strings.Join(terms, " + ")), nil
}

func caseOf(id, src string) (*syntax.Func, error) {
	f, err := syntax.Parse(id+".nn", []byte(src))
	if err != nil {
		return nil, err
	}
	for _, d := range f.Decls {
		if c, ok := d.(*syntax.Func); ok && c.Name.Name == "Case" {
			return c, nil
		}
	}
	return nil, fmt.Errorf("%s: no fn Case", id)
}

// outputs are the names of the results; the records call a single one y.
func outputs(c *syntax.Func) []string {
	if len(c.Results) <= 1 {
		return []string{"y"}
	}
	var names []string
	for _, r := range c.Results {
		names = append(names, r.Name.Name)
	}
	return names
}

func total(x string, shape []int) string {
	if len(shape) == 0 {
		return x
	}
	return "sum(" + x + ")"
}

func limit(x syntax.Expr, sizes map[string]int) (int, error) {
	switch x := syntax.Unparen(x).(type) {
	case *syntax.Number:
		return strconv.Atoi(x.Text)
	case *syntax.Name:
		if n, ok := sizes[x.Name]; ok {
			return n, nil
		}
	}
	return 0, fmt.Errorf("neither a number nor the size of an axis")
}

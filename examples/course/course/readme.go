package course

import (
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// figure is a number of a README and, in a comment that a reader of the page
// does not see, the key of the figure it is: 99.1<!--test accuracy-->.
var figure = regexp.MustCompile(`([-−]?[0-9][0-9,]*(?:\.[0-9]+)?(?:e-?[0-9]+)?)<!--(.+?)-->`)

// Refresh returns text with the figures of rec in the places marked for them,
// each with the digits after the point that stand there.
func (rec *Record) Refresh(text string) (string, error) {
	value := map[string]string{}
	for _, f := range rec.Figures {
		value[f.Key] = f.Value
	}
	var failed error
	out := figure.ReplaceAllStringFunc(text, func(mark string) string {
		part := figure.FindStringSubmatch(mark)
		v, err := strconv.ParseFloat(value[part[2]], 64)
		if err != nil {
			failed = fmt.Errorf("no number is noted as %q", part[2])
			return mark
		}
		return like(part[1], v) + "<!--" + part[2] + "-->"
	})
	return out, failed
}

// RefreshFile does the same to a file.
func (rec *Record) RefreshFile(name string) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	out, err := rec.Refresh(string(text))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if out == string(text) {
		return nil
	}
	return os.WriteFile(name, []byte(out), 0o666)
}

// like writes v in the form of the number before it: its sign if that has none
// is left to the words around, thousands have commas, and the digits after the
// point are as many.
func like(before string, v float64) string {
	minus := ""
	if s := strings.TrimLeft(before, "-−"); s != before {
		minus = strings.TrimSuffix(before, s)
	}
	v = math.Abs(v)
	if strings.Contains(before, "e") {
		mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(v, 'e', decimals(before), 64), "e")
		n, _ := strconv.Atoi(exponent)
		return fmt.Sprintf("%s%se%d", minus, mantissa, n)
	}
	whole, rest, point := strings.Cut(strconv.FormatFloat(v, 'f', decimals(before), 64), ".")
	for i := len(whole) - 3; i > 0 && len(whole) > 3; i -= 3 {
		whole = whole[:i] + "," + whole[i:]
	}
	if point {
		rest = "." + rest
	}
	return minus + whole + rest
}

// decimals is the number of digits after the point of a number.
func decimals(number string) int {
	number, _, _ = strings.Cut(number, "e")
	_, rest, _ := strings.Cut(number, ".")
	return len(rest)
}

package syntax

import "github.com/nnc-lang/nnc/dsl/diag"

// Parse reads one file. The error, if any, is a diag.List.
func Parse(file string, src []byte) (*File, error) {
	var l diag.List
	return nil, l.Err()
}

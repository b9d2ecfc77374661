package syntax

// Format is src in the canonical layout. It changes white space, and the ';'
// between equations, and nothing else; see the package comment for the rules.
// The error, if src does not parse, is a diag.List.
func Format(src []byte) ([]byte, error) {
	f, err := Parse("", src)
	if err != nil {
		return nil, err
	}
	return Print(f), nil
}

// Print is the text of a file that Parse has read, in the canonical layout.
func Print(f *File) []byte {
	l := newLayout(f)
	l.breaks(f)
	l.alignEquations(f)
	return l.emit()
}

// maxWidth is the number of columns that what could be broken may fill.
const maxWidth = 100

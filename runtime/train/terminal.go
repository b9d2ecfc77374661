package train

import "os"

// isTerminal says whether a line on f can be drawn over.
func isTerminal(f *os.File) bool {
	_, ok := window(f)
	return ok && os.Getenv("TERM") != "dumb"
}

// width is the number of columns of the terminal f, 80 if it does not say.
func width(f *os.File) int {
	if n, ok := window(f); ok && n > 0 {
		return n
	}
	return 80
}

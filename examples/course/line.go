package main

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// line is one line of the terminal that is kept up to date; elsewhere only its
// end is written.
type line struct {
	to   *os.File
	head string
	live bool
	last time.Time
}

func newLine(to *os.File, head string) *line {
	info, err := to.Stat()
	l := &line{to: to, head: head, live: err == nil && info.Mode()&os.ModeCharDevice != 0}
	l.show("")
	return l
}

// show replaces what the line says, at most ten times a second.
func (l *line) show(format string, args ...any) {
	if !l.live || time.Since(l.last) < 100*time.Millisecond {
		return
	}
	l.last = time.Now()
	text := []rune(strings.TrimSpace(fmt.Sprintf(format, args...)))
	fmt.Fprintf(l.to, "\r%s %s\x1b[K", l.head, string(text[:min(len(text), 48)]))
}

// end says the last.
func (l *line) end(format string, args ...any) {
	erase := ""
	if l.live {
		erase = "\r\x1b[K"
	}
	fmt.Fprintf(l.to, "%s%s %s\n", erase, l.head, fmt.Sprintf(format, args...))
}

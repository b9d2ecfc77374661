package nnc

import "fmt"

// Bug is an error that is nobody's fault but the compiler's: a pass broke an
// invariant, or two parts disagree.
type Bug struct{ Err error }

func (b *Bug) Error() string { return b.Err.Error() }

// Unwrap is the invariant that was found broken.
func (b *Bug) Unwrap() error { return b.Err }

func bugf(format string, args ...any) *Bug { return &Bug{fmt.Errorf(format, args...)} }

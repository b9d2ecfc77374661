// Package repotest has no code, only tests of the repository itself: that
// imports point the way docs/design.md says, that every package says what it is
// for, that no file outgrows what one can hold in mind, and that nothing names
// a path of one developer's machine.
//
// The rules are the tables at the top of repo_test.go. Whoever has a reason to
// change one changes it there, with the reason.
package repotest

// Package clock times the steps of peers by processor time, which on a machine
// that others use too varies far less than what a clock shows.
package clock

import (
	"fmt"
	"log"
	"syscall"
)

// used is the processor time of this process, in microseconds.
func used() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		log.Fatal(err)
	}
	return float64(u.Utime.Sec+u.Stime.Sec)*1e6 + float64(u.Utime.Usec+u.Stime.Usec)
}

// Measure prints the least processor time of f in five repeats of 0.1 s.
func Measure(name string, f func()) {
	f()
	n := 0
	for start := used(); used()-start < 1e5; n++ {
		f()
	}
	least := 1e18
	for range 5 {
		start := used()
		for range n {
			f()
		}
		least = min(least, (used()-start)/float64(n))
	}
	fmt.Printf("%-14s %12.2f us\n", name, least)
}

// Command gen writes the assembly of package kernels. It runs through go
// generate only; the package builds from its checked-in output.
package main

import (
	"flag"
	"log"

	"github.com/nnc-lang/nnc/internal/simd"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("gen: ")
	dir := flag.String("dir", ".", "folder to write to")
	flag.Parse()
	if err := simd.Runtime(*dir); err != nil {
		log.Fatal(err)
	}
}

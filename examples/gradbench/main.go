// Gradbench answers the messages of GradBench, a benchmark suite for automatic
// differentiation (https://github.com/gradbench/gradbench), with objectives and
// derivatives that nnc compiled from the .nn files of this folder. Messages come
// on standard input and responses go to standard output, a JSON object a line.
package main

//go:generate go tool nnc compile det.nn gmm.nn hello.nn kmeans.nn llsq.nn lse.nn lstm.nn ode.nn

import (
	"log"
	"os"
)

func main() {
	log.SetFlags(0)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

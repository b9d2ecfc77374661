// Command gorgonia times steps of the benchmarks in Gorgonia, on one thread.
//
//	GOWORK=off ASSUME_NO_MOVING_GC_UNSAFE_RISK_IT_WITH=go1.26 go run .
package main

import (
	"fmt"
	"log"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/nnc-lang/nnc/bench/peers/clock"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

var rows = map[string]func(){
	"MLP":  func() { classifier("MLP", 64, 784, 128, 10) },
	"Wide": func() { classifier("Wide", 128, 784, 512, 512, 10) },
	"Xor":  xor,
}

func main() {
	runtime.GOMAXPROCS(1)
	for _, name := range []string{"MLP", "Wide", "Xor"} {
		if len(os.Args) == 1 || slices.Contains(os.Args[1:], name) {
			rows[name]()
		}
	}
}

// net is a network of dense layers with act between them.
func net(g *G.ExprGraph, x *G.Node, act func(*G.Node) (*G.Node, error), widths ...int) (*G.Node, G.Nodes) {
	var params G.Nodes
	for i := 1; i < len(widths); i++ {
		name := fmt.Sprint(i)
		w := G.NewMatrix(g, tensor.Float32, G.WithShape(widths[i-1], widths[i]), G.WithName("w"+name), G.WithInit(G.GlorotU(1)))
		b := G.NewMatrix(g, tensor.Float32, G.WithShape(1, widths[i]), G.WithName("b"+name), G.WithInit(G.Zeroes()))
		x = G.Must(G.BroadcastAdd(G.Must(G.Mul(x, w)), b, nil, []byte{0}))
		if i+1 < len(widths) {
			x = G.Must(act(x))
		}
		params = append(params, w, b)
	}
	return x, params
}

func classifier(name string, n int, widths ...int) {
	g := G.NewGraph()
	k := widths[len(widths)-1]
	x := G.NewMatrix(g, tensor.Float32, G.WithShape(n, widths[0]), G.WithName("x"), G.WithInit(G.Uniform(-1, 1)))
	hot := make([]float32, n*k)
	for i := range n {
		hot[i*k+i*7919%k] = 1
	}
	y := G.NewMatrix(g, tensor.Float32, G.WithShape(n, k), G.WithName("y"), G.WithValue(tensor.New(tensor.WithShape(n, k), tensor.WithBacking(hot))))
	z, params := net(g, x, G.Rectify, widths...)
	logp := G.Must(G.Log(G.Must(G.SoftMax(z))))
	loss := G.Must(G.Neg(G.Must(G.Mean(G.Must(G.Sum(G.Must(G.HadamardProd(y, logp)), 1))))))
	step(name, g, loss, params)
}

func xor() {
	g := G.NewGraph()
	x := G.NewMatrix(g, tensor.Float32, G.WithShape(4, 2), G.WithName("x"), G.WithValue(tensor.New(tensor.WithShape(4, 2), tensor.WithBacking([]float32{0, 0, 0, 1, 1, 0, 1, 1}))))
	y := G.NewMatrix(g, tensor.Float32, G.WithShape(4, 1), G.WithName("y"), G.WithValue(tensor.New(tensor.WithShape(4, 1), tensor.WithBacking([]float32{-1, 1, 1, -1}))))
	z, params := net(g, x, G.Tanh, 2, 2, 1)
	loss := G.Must(G.Mean(G.Must(G.Softplus(G.Must(G.Neg(G.Must(G.HadamardProd(y, z))))))))
	step("Xor", g, loss, params)
}

// step times value, gradient and SGD.
func step(name string, g *G.ExprGraph, loss *G.Node, params G.Nodes) {
	if _, err := G.Grad(loss, params...); err != nil {
		log.Fatal(name, ": ", err)
	}
	vm := G.NewTapeMachine(g, G.BindDualValues(params...))
	defer vm.Close()
	sgd := G.NewVanillaSolver(G.WithLearnRate(0.01))
	values := G.NodesToValueGrads(params)
	clock.Measure(name, func() {
		if err := vm.RunAll(); err != nil {
			log.Fatal(name, ": ", strings.SplitN(err.Error(), "\n", 2)[0])
		}
		if err := sgd.Step(values); err != nil {
			log.Fatal(name, ": ", err)
		}
		vm.Reset()
	})
}

// Package bench measures emitted code: each folder holds a network or a
// function of GradBench, bench_test.go a benchmark for each.
//
//	go generate ./bench && go test ./bench -bench . -cpu 1
//
// prints times, allocations, and where products dominate the GFLOP/s reached and
// their share of the processor's peak.
//
//	bench/compare.py
//
// times them in turn with the same steps in PyTorch (Debian's python3-torch), in
// Gorgonia, GoMLX, OpenBLAS and hand-written loops, on one thread;
// docs/performance.md has a run of it. The peers in Go are a module of their
// own, bench/peers, which nothing else needs.
package bench

//go:generate go run ../cmd/nnc compile block/block.nn chars/chars.nn gmm/gmm.nn kmeans/kmeans.nn lenet/lenet.nn llsq/llsq.nn lse/lse.nn lstm/lstm.nn mlp/mlp.nn ode/ode.nn tanh/tanh.nn wide/wide.nn xor/xor.nn

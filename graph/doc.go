// Package graph draws a program as a computational graph: inputs and results
// white, parameters red, operations blue, the arrows labelled with shapes.
//
// What flows in is the program of an entry point before any pass, since that
// is the mathematics that the user wrote. [New] takes its equations apart
// until each definition is one operation of the size that a lecturer draws
// (a matrix product, a sum, a relu, a softmax):
//
//	h[n,j] = max(sum[i] x[n,i]*W[i,j] + b[j], 0)     x, W → @ → +b → relu
//
// The parts are an ordinary program again, [Graph.Program], so that every
// number of the picture can be computed by whoever can run programs. What the
// prelude spells out, such as softmax as exp(z)/sum(exp(z)), is found by the
// patterns of a table and drawn as one node; copies of a layer that follow
// each other are drawn once.
//
// [Graph.SVG] lays the graph out in layers (Sugiyama, Tagawa and Toda 1981):
// longest paths give the layers, sweeps of barycentres the order within them,
// isotonic least squares the coordinates. Layers run from left to right and
// are broken into rows like text. [Graph.DOT] and [Graph.Mermaid] leave the
// layout to others. Equal graphs give equal bytes.
package graph

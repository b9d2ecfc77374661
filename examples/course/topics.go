package main

import (
	"github.com/nnc-lang/nnc/examples/course/course"
	threshold "github.com/nnc-lang/nnc/examples/course/t01_threshold"
)

// topics are in the order of the course.
var topics = []course.Topic{
	threshold.Topic,
}

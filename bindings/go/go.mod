module github.com/mlab-client/mlab/bindings/go

go 1.19

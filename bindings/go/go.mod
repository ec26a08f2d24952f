module example.com/mlab/bindings/go

go 1.19

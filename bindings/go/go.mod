module mlab-client

go 1.19

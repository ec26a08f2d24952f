// Makes a folder that GOPROXY=file:// takes for a proxy, with one version of a module:
//
//	go run go_proxy.go MODULE_FOLDER PROXY_FOLDER
package main

import (
	"archive/zip"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"
)

const version = "v0.1.0"

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func main() {
	module, proxy := os.Args[1], os.Args[2]
	mod, err := os.ReadFile(filepath.Join(module, "go.mod"))
	check(err)
	name := strings.Fields(string(mod))[1]
	folder := filepath.Join(proxy, name, "@v")
	check(os.MkdirAll(folder, 0o777))
	write := func(file string, data []byte) { check(os.WriteFile(filepath.Join(folder, file), data, 0o666)) }
	write("list", []byte(version+"\n"))
	write(version+".info", []byte(`{"Version":"`+version+`"}`))
	write(version+".mod", mod)
	file, err := os.Create(filepath.Join(folder, version+".zip"))
	check(err)
	archive := zip.NewWriter(file)
	check(filepath.WalkDir(module, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		check(err)
		inside, err := filepath.Rel(module, path)
		check(err)
		entryWriter, err := archive.Create(name + "@" + version + "/" + filepath.ToSlash(inside))
		check(err)
		_, err = entryWriter.Write(data)
		return err
	}))
	check(archive.Close())
	check(file.Close())
}

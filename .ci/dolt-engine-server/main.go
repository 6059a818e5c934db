// go-mysql-server, which is Dolt's SQL engine, with its tables in memory, for tests: dolt-engine ADDRESS. Its user
// root has no password.
package main

import (
	"log"
	"os"
	"os/signal"
	"syscall"

	sqle "github.com/dolthub/go-mysql-server"
	"github.com/dolthub/go-mysql-server/memory"
	"github.com/dolthub/go-mysql-server/server"
	"github.com/dolthub/go-mysql-server/sql"
)

func main() {
	provider := memory.NewDBProvider()
	engine := sqle.NewDefault(provider)
	users := engine.Analyzer.Catalog.MySQLDb
	editor := users.Editor()
	users.AddSuperUser(editor, "root", "%", "")
	editor.Close()

	listening, err := server.NewServer(
		server.Config{Protocol: "tcp", Address: os.Args[1]}, engine, sql.NewContext, memory.NewSessionBuilder(provider), nil)
	if err != nil {
		log.Fatal(err)
	}
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-stop
		listening.Close()
	}()
	if err := listening.Start(); err != nil {
		log.Fatal(err)
	}
}

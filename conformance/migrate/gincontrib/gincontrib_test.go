package gincontrib

import (
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/polycors/polycors/conformance/migrate"
	"github.com/polycors/polycors/core/corstest"
)

func Test(t *testing.T) {
	migrate.Compare(t, "gin-contrib.md", app(before), app(after))
}

func app(mount func(*gin.Engine)) migrate.App {
	gin.SetMode(gin.TestMode)
	router := gin.New()
	mount(router)
	handler, ran := migrate.Handler()
	router.Any("/items", gin.WrapF(handler))
	return migrate.App{Transport: corstest.Handler(router), Ran: ran}
}

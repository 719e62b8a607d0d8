package gincontrib

import (
	"time"

	"github.com/gin-gonic/gin"

	gincors "github.com/polycors/polycors/ginadapter"
)

func after(router *gin.Engine) {
	router.Use(gincors.New(gincors.Config{
		AllowOrigins:     []string{"https://myapp.com"},
		AllowMethods:     []string{"GET", "POST", "PUT"},
		AllowHeaders:     []string{"Content-Type", "Authorization"},
		ExposeHeaders:    []string{"X-Total-Count"},
		AllowCredentials: true,
		MaxAge:           12 * time.Hour,
	}))
}

SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#lode",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: -1,
  validatorUrl: null
});

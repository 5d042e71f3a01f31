using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace TrainingService;

/// <summary>The generic host with its two parts: the training in the background, and two addresses.</summary>
internal static class ServiceHost
{
    /// <summary>The address of a host that is given none.</summary>
    private const string DefaultAddress = "http://127.0.0.1:5080";

    /// <summary>A host that is not started yet.</summary>
    /// <param name="args">Settings by name, such as "--folder runs/service"; those of <see cref="ServiceSettings"/> and of the host itself.</param>
    /// <exception cref="ArgumentException">A setting cannot be used.</exception>
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        if (builder.Configuration["urls"] is null) builder.Configuration["urls"] = DefaultAddress;
        builder.Services.AddSingleton(ServiceSettings.Read(builder.Configuration));
        builder.Services.AddSingleton<ServedPolicy>();
        builder.Services.AddHostedService<TrainingWorker>();
        var app = builder.Build();
        MapAddresses(app);
        return app;
    }

    /// <summary>What the host answers: how training is, and actions of the policy that is served.</summary>
    public static void MapAddresses(WebApplication app)
    {
        app.MapGet("/status", (ServedPolicy served) => served.Status);
        app.MapPost("/action", (float[] observation, ServedPolicy served) =>
        {
            if (!served.IsReady) return Refuse("No policy was trained yet. Ask again in some seconds.", StatusCodes.Status503ServiceUnavailable);
            return served.TryAct(observation, out var action, out var error) ? Results.Ok(action) : Refuse(error, StatusCodes.Status400BadRequest);
        });

        static IResult Refuse(string reason, int status) => Results.Problem(reason, statusCode: status);
    }
}

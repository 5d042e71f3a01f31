using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace TrainingService;

/// <summary>What the service trains, and where it keeps its run.</summary>
/// <param name="Folder">The folder of the checkpoints.</param>
/// <param name="Steps">Real steps in all. A run that is started once more with more steps goes on to these.</param>
/// <param name="Seed">Decides everything random.</param>
internal sealed record ServiceSettings(string Folder, int Steps, int Seed)
{
    /// <summary>The settings of a configuration: command line, environment variables, appsettings.json.</summary>
    /// <exception cref="ArgumentException">A value is no number or too small.</exception>
    public static ServiceSettings Read(IConfiguration configuration) => new(
        configuration["folder"] ?? "runs/service",
        Number(configuration, "steps", least: 1, otherwise: 3000),
        Number(configuration, "seed", least: 0, otherwise: 1));

    private static int Number(IConfiguration configuration, string name, int least, int otherwise)
    {
        if (configuration[name] is not { } text) return otherwise;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least ? value
            : throw new ArgumentException($"The setting '{name}' is '{text}', but must be a whole number from {least}.", name);
    }
}

using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Catalog;
using MbpoML.Environments;
using Microsoft.ML;

namespace MbpoML.Benchmarks.Golden;

/// <summary>A short run that must give the same bits whatever is done to the code.</summary>
/// <param name="Name">Task and variant, such as "pendulum overlapped".</param>
/// <param name="Environment">Makes the task.</param>
/// <param name="Preset">Makes the settings, already shortened.</param>
internal sealed record GoldenCase(string Name, Func<EnvironmentCatalog, IEnvironment> Environment, Func<MbpoPreset> Preset)
{
    /// <summary>Random logged transitions that the run begins with.</summary>
    public int LoggedSteps { get; init; }

    /// <summary>Stage 1 where it is not the preset's ensemble.</summary>
    public Func<MLContext, IEstimator<ITransformer>>? Dynamics { get; init; }

    /// <summary>Stops the run after so many steps by cancellation and resumes it; null: the run is not stopped.</summary>
    public int? StopAt { get; init; }

    /// <summary>Another variant of the same task.</summary>
    public GoldenCase With(string variant, Action<MbpoPreset> change) => this with
    {
        Name = $"{Name} {variant}",
        Preset = () =>
        {
            var preset = Preset();
            change(preset);
            return preset;
        },
    };
}

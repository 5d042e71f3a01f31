using MbpoML.Algorithms.Mbpo.Presets;
using MbpoML.Environments;
using MbpoML.Environments.Wrappers;
using MbpoML.Planning;
using MbpoML.Training;

namespace MbpoML.Algorithms.PlaNet.Presets;

/// <summary>Settings of PlaNet for a task.</summary>
public static class PlaNetPresets
{
    // Frames of this side get the networks of the paper.
    private const int PaperSide = 64;

    /// <summary>
    /// The settings that <c>rl.PlaNet(environment)</c> takes where nothing is given: those of the paper where the frames have its size, else the small ones,
    /// with epochs of one episode, and 100 episodes.
    /// </summary>
    /// <param name="environment">The task, whose observations are frames.</param>
    /// <returns>A new object that may be changed freely.</returns>
    /// <exception cref="ArgumentException">The environment is null, has no spaces, or has no frames.</exception>
    public static PlaNetPreset For(IEnvironment environment)
    {
        environment.RequireSpaces();
        var preset = Of(PlaNetTrainer.FramesOf(environment));
        if (environment.MaxEpisodeSteps is not { } steps) return preset;
        (preset.Trainer.EpochLength, preset.Trainer.MaxEpisodeSteps) = (steps, Math.Max(steps, preset.Trainer.MaxEpisodeSteps));
        preset.Trainer.Steps = (int)Math.Min(int.MaxValue, 100L * steps);
        preset.Dynamics.ChunkLength = Math.Min(preset.Dynamics.ChunkLength, steps + 1);
        return preset;
    }

    /// <summary>
    /// The settings of the paper (official code, scripts/configs.py): for frames of 64 by 64 pixels in colour, and a GPU.
    /// </summary>
    public static PlaNetPreset Official() => new();

    /// <summary>
    /// Settings for frames of 32 by 32 pixels in gray on two cores, our choice: a hundred and fiftieth of the paper's work for an update, and as little for an
    /// action. 16 chunks of 32 steps, a memory of 64 units, 16 drawn dimensions, and 5 iterations of 200 sequences.
    /// </summary>
    public static PlaNetPreset Small()
    {
        var preset = new PlaNetPreset();
        var model = preset.Dynamics;
        (model.DeterministicSize, model.StochasticSize, model.HiddenSize, model.FirstFilters) = (64, 16, 64, 16);
        (model.RewardHiddenSizes, model.BatchSize, model.ChunkLength) = ([64, 64], 16, 32);
        (preset.CrossEntropy.Candidates, preset.CrossEntropy.Elites, preset.CrossEntropy.Iterations) = (200, 20, 5);
        return preset;
    }

    /// <summary>PlaNet on the same task: the steps, the epochs and everything else that belongs to the run are the preset's, with the small settings.</summary>
    /// <param name="preset">The settings of MBPO for the task, from which these follow.</param>
    /// <param name="frames">The sizes of its pictures: with those of the paper the networks are the paper's. Default: not known, so that they are
    /// small.</param>
    /// <returns>A new preset; the given one stays as it is.</returns>
    /// <exception cref="ArgumentException">A part is null, or an option out of range.</exception>
    public static PlaNetPreset PlaNet(this MbpoPreset preset, FrameShape? frames = null)
    {
        ArgumentNullException.ThrowIfNull(preset);
        preset = preset.Copy();
        var result = frames is { } shape ? Of(shape) : Small();
        var defaults = new PlaNetTrainer.Options();
        preset.Trainer.CopyRunTo(result.Trainer);
        (result.Trainer.RealPoolCapacity, result.Trainer.ModelReturnRollouts) = (defaults.RealPoolCapacity, defaults.ModelReturnRollouts);
        // Planned episodes are what costs, so each is evaluated by one and not by several.
        result.Trainer.EvaluationEpisodes = defaults.EvaluationEpisodes;
        (result.Trainer.Overlap, result.Trainer.InitialExplorationSteps) = (OverlappedStages.None, null);
        // Those of a state that no frame shows.
        (result.Trainer.Termination, result.Trainer.Reward) = (null, null);
        result.Dynamics.Device = preset.Dynamics.Device;
        // An episode of a short task has no more frames.
        result.Dynamics.ChunkLength = Math.Min(result.Dynamics.ChunkLength, (int)Math.Min(int.MaxValue, preset.Trainer.MaxEpisodeSteps + 1L));
        return result;
    }

    private static PlaNetPreset Of(FrameShape frames) => Math.Min(frames.Height, frames.Width) >= PaperSide ? Official() : Small();

    /// <summary>How the paper's planner imagines: 12 steps, without a warm start.</summary>
    internal static PlanningTransformer.Options Planner() => new() { Horizon = 12, WarmStart = false };

    /// <summary>The paper's planner: 1000 sequences, of which the 100 best count, 10 times; from mean 0 and variance 1, clipped at the bounds.</summary>
    internal static CrossEntropyMethod.Options CrossEntropy() => new()
    {
        Candidates = 1000,
        Elites = 100,
        Iterations = 10,
        Smoothing = 0,
        InitialVariance = 1,
        LeastVariance = 0,
        ClipsDraws = true,
    };
}

namespace MbpoML.Components;

/// <summary>What a run must know of one of its stages: its name, its options and its device.</summary>
/// <remarks>
/// An estimator of your own that is one has its options compared on resume, kept in the record of the run, and its device checked. Every public property of the
/// options that can be written counts, unless it is marked with <see cref="Numerics.MayChangeOnResumeAttribute"/>.
/// </remarks>
public interface IStage
{
    /// <summary>The stage in words, such as "soft actor-critic".</summary>
    string StageName { get; }

    /// <summary>The options, an object with properties; not to be changed.</summary>
    object Options { get; }

    /// <summary>Where the stage is told to run, such as "cpu" or "cuda:1"; null where that is left open.</summary>
    string? Device => null;
}

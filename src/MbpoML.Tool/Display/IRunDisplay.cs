using MbpoML.Training.Outcome;

namespace MbpoML.Tool.Display;

/// <summary>Shows what runs do; any thread may call it.</summary>
internal interface IRunDisplay
{
    /// <summary>A sign of life of a run.</summary>
    void Report(string run, TrainingProgress progress);

    /// <summary>A sentence about a run.</summary>
    void Say(string run, string sentence);

    /// <summary>A sentence about a run that went wrong, or may.</summary>
    void Warn(string run, string sentence);
}

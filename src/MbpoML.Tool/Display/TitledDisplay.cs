using MbpoML.Training;

namespace MbpoML.Tool.Display;

/// <summary>Shows a run by a title in place of its name.</summary>
/// <param name="display">Where it is shown.</param>
/// <param name="title">What it is called there.</param>
internal sealed class TitledDisplay(IRunDisplay display, string title) : IRunDisplay
{
    public void Report(string run, TrainingProgress progress) => display.Report(title, progress);

    public void Say(string run, string sentence) => display.Say(title, sentence);

    public void Warn(string run, string sentence) => display.Warn(title, sentence);
}

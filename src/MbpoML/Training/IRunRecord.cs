namespace MbpoML.Training;

/// <summary>
/// Keeps what a run is and what it leaves behind, as <see cref="TrainingOptions.Record"/>. RunFolder of the package MbpoML.Experiments keeps a run as the tool
/// <c>mbpo</c> does.
/// </summary>
public interface IRunRecord
{
    /// <summary>A run begins or goes on. Called before its first step, on the thread that trains.</summary>
    /// <param name="run">The algorithm, the environment and the options of the run.</param>
    /// <returns>
    /// Takes what the run leaves behind; the trainer disposes it when the run is over. What this method throws, the trainer throws: nothing was trained.
    /// </returns>
    IRunRecording Begin(RunDescription run);
}

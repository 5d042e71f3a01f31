namespace MbpoML.Saving;

/// <summary>A part of a run that survives a stop: its state can be written by name and put back, in this process or another one.</summary>
/// <remarks>
/// A run is saved by one loop over its parts. They are restored in any order: a part reads its own values only. What depends on several parts waits for
/// <see cref="Restored"/>. A policy learner of your own must be one for its runs to write checkpoints (<see cref="Training.TrainingOptions.Checkpoints"/>).
/// </remarks>
public interface ISaved
{
    /// <summary>The name under which the values of this part are kept, such as "policy". It differs from the names of the parts beside it.</summary>
    string Name { get; }

    /// <summary>
    /// Writes everything that later results depend on: parameters, optimizer moments, counters, random streams, sums of metrics not taken yet.
    /// </summary>
    /// <param name="to">The writer that receives the values of this part.</param>
    void Save(IStateWriter to);

    /// <summary>Goes on from what <see cref="Save"/> of an object with equal sizes and options wrote. Where it throws, the part stays as it was.</summary>
    /// <param name="from">The values of this part.</param>
    /// <exception cref="CheckpointException">A value is missing, has another shape or type, or makes no sense.</exception>
    void Restore(IStateReader from);

    /// <summary>All parts of the run have their state: the place for checks and work that involve several of them. By default there is nothing to do.</summary>
    /// <param name="from">The values of this part, as for <see cref="Restore"/>.</param>
    /// <exception cref="CheckpointException">The parts contradict each other.</exception>
    void Restored(IStateReader from)
    {
    }
}

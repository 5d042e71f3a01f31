using MbpoML.Saving;
using static TorchSharp.torch;

namespace MbpoML.Planning;

/// <summary>
/// A search for action sequences in some episodes side by side. What it learned at one step is where it begins at the next one (the warm start), and never
/// outlives an episode.
/// </summary>
/// <remarks>Actions are in units in which the bounds of the action space are -1 and 1.</remarks>
public interface IActionSequenceSearch : ISaved, IDisposable
{
    /// <summary>New episodes begin: what was remembered is forgotten.</summary>
    /// <param name="rows">The number of episodes, one a row.</param>
    void Begin(int rows);

    /// <summary>Looks for the best sequence of each episode from where it is now.</summary>
    /// <param name="problem">Tells what a sequence is worth.</param>
    /// <param name="generator">The generator of all random numbers of the search.</param>
    /// <returns>The sequences; the caller disposes them.</returns>
    ActionSequences Search(PlanningProblem problem, Generator generator);

    /// <summary>The first actions of the sequences were taken: the memory moves on in time.</summary>
    /// <param name="steps">The number of actions taken, at least 1.</param>
    void Advance(int steps);

    /// <summary>Some episodes are over; the rows that go on move up.</summary>
    /// <param name="rows">The numbers of the rows that go on, ascending, int64 [rows left].</param>
    void Keep(Tensor rows);
}

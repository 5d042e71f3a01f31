namespace MbpoML.Planning;

/// <summary>A way to look for the best sequence of actions among those that a model can imagine: only its settings, without any memory.</summary>
/// <remarks>Implement it, and <see cref="IActionSequenceSearch"/>, for an optimizer of your own. One that is a <see cref="Components.IStage"/> has its options
/// compared when a run is resumed.</remarks>
public interface IActionSequenceOptimizer
{
    /// <summary>Makes a search with a memory of its own.</summary>
    /// <param name="horizon">H, the actions of a sequence.</param>
    /// <param name="actionSize">m, the dimensions of an action.</param>
    /// <returns>The caller disposes it.</returns>
    IActionSequenceSearch CreateSearch(int horizon, int actionSize);
}

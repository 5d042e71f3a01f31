using MbpoML.Dynamics;

namespace MbpoML.Training;

/// <summary>A dynamics model as last fitted.</summary>
/// <param name="Model">The dynamics model, as it was fitted last.</param>
/// <param name="Transitions">The number of real transitions, logged ones included, that there were when it was fitted.</param>
public readonly record struct FittedModel(IDynamicsModel Model, long Transitions);

using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>What a rule is told when rollouts begin. Everything is only lent.</summary>
/// <param name="Rollouts">Their number; the rows of the steps that follow are numbered below it.</param>
/// <param name="Model">The model that will imagine them.</param>
/// <param name="Transitions">The real transitions that there are; null where nobody has any, as in rollouts that stand alone.</param>
/// <param name="Generator">The generator of all random numbers of the rollouts; a rule that draws something draws it from here.</param>
public readonly record struct RolloutBeginning(long Rollouts, IDynamicsModel Model, ReplayPool? Transitions, Generator Generator);

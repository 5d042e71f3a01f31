using MbpoML.Dynamics.Ensemble;
using MbpoML.Imagination;
using MbpoML.Numerics;
using MbpoML.Tests.Fakes;
using static MbpoML.Tests.BadInput.BadCase;
using static TorchSharp.torch;

namespace MbpoML.Tests.BadInput;

/// <summary>Imagined steps of models that cannot make them.</summary>
internal static class ImaginationCases
{
    private const string Make = "ImaginedEnvironment(IDynamicsModel, ITerminationFunction, IRewardFunction, Propagation)";
    private const string Draw = "ImaginedEnvironment.DrawMembers(long, Generator)";
    private const string Step = "ImaginedEnvironment.Step(Tensor, Tensor, Generator, Tensor, int?)";
    private const string Members = "IEnsembleDynamicsModel.SampleMembers(Tensor, Tensor, Tensor, Generator)";

    public static IEnumerable<BadCase> All =>
    [
        Bad<ArgumentNullException>(Make, "no model", () => _ = new ImaginedEnvironment(null!), "model"),
        Bad<ArgumentOutOfRangeException>(
            Make, "an undefined propagation", () => _ = new ImaginedEnvironment(new AdditiveModel(1), propagation: (Propagation)9), "propagation", "Mean"),
        Bad<ArgumentException>(Make, "members of what has none", () => _ = new ImaginedEnvironment(new AdditiveModel(1), propagation: Propagation.Mean),
            "propagation", "AdditiveModel"),
        Bad<ArgumentNullException>(Draw, "no generator", () => EachRollout.DrawMembers(3, null!), "generator"),
        Bad<ObjectDisposedException>(Draw, "a disposed generator", () => EachRollout.DrawMembers(3, Samples.DisposedGenerator()), "generator"),
        Bad<ArgumentNullException>(Step, "no members", () => EachRollout.Step(zeros(3, 2), zeros(3, 1), Samples.Generator), "members"),
        Bad<ArgumentNullException>(Step, "no observation", () => EachStep.Step(null!, zeros(3, 1), Samples.Generator), "observation"),
        Bad<ArgumentNullException>(Step, "no action", () => EachStep.Step(zeros(3, 2), null!, Samples.Generator), "action"),
        Bad<ArgumentNullException>(Step, "no generator", () => EachStep.Step(zeros(3, 2), zeros(3, 1), null!), "generator"),
        Bad<LearningException>(Step, "a state without end", () => new ImaginedEnvironment(new AdditiveModel(1)).Step(
            full(3, 1, float.PositiveInfinity), zeros(3, 1), Samples.Generator, index: 2), "not finite at step 2"),
        Bad<ArgumentNullException>(
            Members, "no observation", () => Ensemble.SampleMembers(null!, zeros(3, 1), zeros(3, int64), Samples.Generator), "observation"),
        Bad<ArgumentNullException>(Members, "no action", () => Ensemble.SampleMembers(zeros(3, 2), null!, zeros(3, int64), Samples.Generator), "action"),
        Bad<ArgumentNullException>(Members, "no members", () => Ensemble.SampleMembers(zeros(3, 2), zeros(3, 1), null!, Samples.Generator), "members"),
        Bad<ArgumentNullException>(Members, "no generator", () => Ensemble.SampleMembers(zeros(3, 2), zeros(3, 1), zeros(3, int64), null!), "generator"),
        Bad<ArgumentException>(Members, "members for other rows", () => Ensemble.SampleMembers(zeros(3, 2), zeros(3, 1), zeros(2, int64), Samples.Generator),
            "members", "[2]", "[3]"),
        Bad<ArgumentException>(Members, "members as floats", () => Ensemble.SampleMembers(zeros(3, 2), zeros(3, 1), zeros(3), Samples.Generator),
            "members", "Float32"),
        Bad<ArgumentOutOfRangeException>(
            Members, "a member that there is not", () => Ensemble.SampleMembers(zeros(3, 2), zeros(3, 1), full(3, 7L), Samples.Generator), "members", "7"),
    ];

    private static IEnsembleDynamicsModel Ensemble => Samples.Dynamics.Model;

    private static ImaginedEnvironment EachStep => new(Ensemble);

    private static ImaginedEnvironment EachRollout => new(Ensemble, propagation: Propagation.MemberEachRollout);
}

using MbpoML.Algorithms.Mbpo;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Numerics.Random;
using MbpoML.Planning;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;

namespace MbpoML.Algorithms.Pets;

/// <summary>What PETS learns with: the model, and the real transitions. The planner holds nothing that is learned.</summary>
internal sealed class PetsParts : ILearnedParts, IDisposable
{
    private readonly AlgorithmSetup _setup;
    private readonly PlanningTransformer.Options _options;
    private readonly IActionSequenceOptimizer _optimizer;
    private readonly Func<IDynamicsLearner> _create;

    /// <param name="setup">The sizes, the functions of the task and the seed.</param>
    /// <param name="create">Makes the learner of the model, with the same seed each time.</param>
    /// <param name="optimizer">Looks for the action sequences.</param>
    /// <param name="options">How the planner imagines.</param>
    public PetsParts(AlgorithmSetup setup, Func<IDynamicsLearner> create, IActionSequenceOptimizer optimizer, PlanningTransformer.Options options)
    {
        (_setup, _create, _optimizer, _options) = (setup, create, optimizer, options);
        RealPool = setup.Transitions();
        // Nothing imagined is kept.
        ModelPool = new ReplayPool(setup.Layout, 1);
        var dynamics = create();
        Model = new ModelFit(dynamics, RealPool, setup.IsSaved);
        Planner = PlannerOf(() => dynamics.Model);
    }

    /// <summary>Plans with the model as it is.</summary>
    public PlanningPolicy Planner { get; }

    public ModelFit Model { get; }

    public ReplayPool RealPool { get; }

    public ReplayPool ModelPool { get; }

    IPolicyLearner? ILearnedParts.Policy => null;

    bool ILearnedParts.UsesImagined => false;

    void ILearnedParts.Update(int updatesLeft)
    {
    }

    /// <summary>The planner with a model of its own, which later fits leave alone.</summary>
    /// <returns>The planner, and what is to be disposed after it.</returns>
    public (PlanningPolicy Planner, IDisposable? Model) CopyPlanner()
    {
        if (Model.FittedTransitions == 0) return (PlannerOf(() => throw NoModel()), null);
        // Any other learner gives a new model with each fit.
        if (Model.Learner is not ISaved saved)
        {
            var fitted = Model.Learner.Model;
            return (PlannerOf(() => fitted), null);
        }

        var copy = _create();
        try
        {
            using var state = StateMemory.Of(saved);
            state.RestoreTo((ISaved)copy);
            return (PlannerOf(() => copy.Model), copy);
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Model.Dispose();
        ModelPool.Dispose();
    }

    private PlanningPolicy PlannerOf(Func<IDynamicsModel> model) => new(
        new PlannedTask(model, _setup.Termination, _setup.Reward), _setup.Layout.ObservationSize, _setup.ActionSpace, _optimizer, _options,
        Seeds.Derive(_setup.Seed, "planner"));

    private static InvalidOperationException NoModel() => new("The planner has no model yet: the run had fitted none.");
}

using MbpoML.Algorithms.Mbpo;
using MbpoML.Data;
using MbpoML.Data.Replay;
using MbpoML.Dynamics.Latent;
using MbpoML.Environments;
using MbpoML.Numerics.Random;
using MbpoML.Planning;
using MbpoML.Policies;
using MbpoML.Training;

namespace MbpoML.Algorithms.PlaNet;

/// <summary>What PlaNet learns with: the latent model, and the real episodes. The planner holds nothing that is learned.</summary>
internal sealed class PlaNetParts : ILearnedParts, IDisposable
{
    private readonly AlgorithmSetup _setup;
    private readonly IActionSequenceOptimizer _optimizer;
    private readonly PlanningTransformer.Options _options;
    private readonly double _noise;

    /// <param name="setup">The sizes and the seed.</param>
    /// <param name="frames">The shape of the observations.</param>
    /// <param name="learner">Fits the model; disposed with this.</param>
    /// <param name="optimizer">Looks for the action sequences.</param>
    /// <param name="options">How the planner imagines.</param>
    /// <param name="noise">The standard deviation of the exploration noise.</param>
    public PlaNetParts(
        AlgorithmSetup setup, FrameShape frames, ILatentDynamicsLearner learner, IActionSequenceOptimizer optimizer, PlanningTransformer.Options options,
        double noise)
    {
        (_setup, Learner, _optimizer, _options, _noise) = (setup, learner, optimizer, options, noise);
        Episodes = new EpisodePool(frames, setup.ActionSpace.Size);
        Recorder = new FrameRecorder(Episodes, frames, setup.ActionSpace.Size);
        RealPool = setup.Transitions();
        // Nothing imagined is kept.
        ModelPool = new ReplayPool(setup.Layout, 1);
        Planner = PlannerOf(() => learner.Model);
    }

    /// <summary>Plans with the model as it is.</summary>
    public LatentPlanningPolicy Planner { get; }

    public ILatentDynamicsLearner Learner { get; }

    /// <summary>The real episodes.</summary>
    public EpisodePool Episodes { get; }

    /// <summary>Fills them.</summary>
    public FrameRecorder Recorder { get; }

    public ReplayPool RealPool { get; }

    public ReplayPool ModelPool { get; }

    ModelFit? ILearnedParts.Model => null;

    IPolicyLearner? ILearnedParts.Policy => null;

    bool ILearnedParts.UsesImagined => false;

    void ILearnedParts.Update(int updatesLeft)
    {
    }

    /// <summary>The planner with a model of its own, which later updates leave alone.</summary>
    /// <returns>The planner, and what is to be disposed after it.</returns>
    public (LatentPlanningPolicy Planner, IDisposable? Model) CopyPlanner()
    {
        var model = Learner.CopyModel();
        return (PlannerOf(() => model), model as IDisposable);
    }

    public void Dispose()
    {
        Learner.Dispose();
        ModelPool.Dispose();
    }

    private LatentPlanningPolicy PlannerOf(Func<ILatentDynamicsModel> model) =>
        new(model, _setup.ActionSpace, _optimizer, _options, _noise, Seeds.Derive(_setup.Seed, "planner"));
}

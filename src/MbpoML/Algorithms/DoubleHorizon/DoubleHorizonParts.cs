using MbpoML.Algorithms.Mbpo;
using MbpoML.Data.Replay;
using MbpoML.Dynamics;
using MbpoML.Imagination;
using MbpoML.Numerics.Random;
using MbpoML.Policies;
using MbpoML.Saving;
using MbpoML.Training;
using static TorchSharp.torch;

namespace MbpoML.Algorithms.DoubleHorizon;

/// <summary>
/// What double-horizon MBPO learns with: the model, the learner of policy and critics, the real transitions, and the imagined ones whose states training
/// rollouts start from.
/// </summary>
internal sealed class DoubleHorizonParts : ILearnedParts, IDisposable
{
    private readonly DistributionRollouts.Options _rollouts;
    private readonly BranchedRolloutGenerator _generator;
    // Updates since rollouts were made.
    private long _updates;

    /// <param name="setup">The sizes, the functions of the task and the seed.</param>
    /// <param name="settings">Stage 2, and whether the run is saved.</param>
    /// <param name="learner">Made for this run; disposed with the parts.</param>
    /// <param name="dynamics">Made for this run; disposed with the parts.</param>
    public DoubleHorizonParts(AlgorithmSetup setup, DoubleHorizonSettings settings, IStartStateLearner learner, IDynamicsLearner dynamics)
    {
        _rollouts = settings.Rollouts;
        RealPool = setup.Transitions(learner.Device);
        ModelPool = new ReplayPool(setup.Layout, _rollouts.Capacity, learner.Device);
        (Learner, Model) = (learner, new ModelFit(dynamics, RealPool, settings.IsSaved));
        var imagined = new ImaginedEnvironment(() => dynamics.Model, setup.Termination, setup.Reward);
        _generator = new BranchedRolloutGenerator(imagined, _rollouts.Rule, RealPool);
        // Everything random has a stream of its own, so that a change in one place shifts no draw in another.
        RollingOut = new Generator((ulong)Seeds.Derive(setup.Seed, "rollouts"), CPU);
        if (settings.AssessesPolicies)
            Assessment = new PolicyAssessment(settings.ModelTrainingInterval, settings.AssessmentSpacing, settings.AssessmentTolerance);
        Starts = new Generator((ulong)Seeds.Derive(setup.Seed, "starts"), CPU);
        learner.UseModel(imagined);
    }

    /// <summary>Policy and critics.</summary>
    public IStartStateLearner Learner { get; }

    public ModelFit Model { get; }

    public ReplayPool RealPool { get; }

    public ReplayPool ModelPool { get; }

    /// <summary>Start states, actions and predictions of the distribution rollouts.</summary>
    public Generator RollingOut { get; }

    /// <summary>Draws the start states of the training rollouts.</summary>
    public Generator Starts { get; }

    /// <summary>Which policies are kept; null where none is.</summary>
    public PolicyAssessment? Assessment { get; }

    /// <summary>What survives a stop, but for the real transitions, which are the run's.</summary>
    public IEnumerable<ISaved> Saved =>
    [
        .. Learner is ISaved learner ? (ISaved[])[learner] : [], Model, SavedPart.Of("rollouts", RollingOut), SavedPart.Of("starts", Starts),
        new SavedPart("imagined", ModelPool.Save, from => ModelPool.Restore(from, keepsCapacity: true)),
        new SavedPart("updates", to => to.Add("since-rollouts", _updates), from => _updates = from.Count("since-rollouts")),
        .. Assessment is { } assessment ? (ISaved[])[assessment] : [],
        .. _rollouts.Rule is ISaved rule ? (ISaved[])[rule] : [],
    ];

    IPolicyLearner ILearnedParts.Policy => Learner;

    bool ILearnedParts.UsesImagined => true;

    void ILearnedParts.Update(int updatesLeft)
    {
        using var starts = DrawStarts();
        Learner.Update(starts);
    }

    /// <summary>Whether distribution rollouts are to be made before the next update.</summary>
    public bool RolloutsAreDue => _updates % _rollouts.Interval == 0;

    /// <summary>An update was made.</summary>
    public void Count() => _updates++;

    /// <summary>Start states of training rollouts, drawn uniformly from the states of the distribution rollouts.</summary>
    /// <returns>[batch, observation]; the caller disposes it.</returns>
    public Tensor DrawStarts() => ModelPool.SampleObservations(Learner.BatchSize, Starts);

    /// <summary>Makes distribution rollouts: whole or, where they are stopped, none.</summary>
    /// <exception cref="InvalidOperationException">The rule of the rollouts keeps nothing, and nothing is there from before.</exception>
    public RolloutStatistics RollOut(CancellationToken cancellationToken)
    {
        var wanted = (long)_rollouts.BatchSize * _rollouts.Length;
        var total = default(RolloutStatistics);
        using var before = new RolloutsBefore(RollingOut, ModelPool, _rollouts.Rule);
        try
        {
            RolloutStatistics round;
            do
            {
                using var starts = DrawRealStarts();
                round = _generator.Generate(starts, _rollouts.Length, Learner, RollingOut, (rows, _) => ModelPool.Append(rows), cancellationToken);
                total += round;
            }
            // A rule that lets nothing more pass is not asked for ever.
            while (_rollouts.FillsUp && total.Transitions < wanted && round.Transitions > 0);
            if (ModelPool.Count == 0)
                throw new InvalidOperationException(
                    "The rule of the rollouts kept none of the imagined transitions, so that there are no states for the policy's updates to start from: " +
                    "choose a rule that lets more pass.");
            return total;
        }
        catch
        {
            // A resumed run makes all of them again.
            before.TakeBack();
            throw;
        }
    }

    // The newest states first, and then those of any age.
    private Tensor DrawRealStarts()
    {
        var recent = (int)Math.Round(_rollouts.RecentFraction * _rollouts.BatchSize);
        if (recent == 0) return RealPool.SampleObservations(_rollouts.BatchSize, RollingOut);
        using var newest = RealPool.SampleObservations(recent, _rollouts.RecentStates, RollingOut);
        if (recent == _rollouts.BatchSize) return newest.clone();
        using var any = RealPool.SampleObservations(_rollouts.BatchSize - recent, RollingOut);
        return cat([newest, any], 0);
    }

    public void Dispose()
    {
        Learner.Dispose();
        Model.Dispose();
        ModelPool.Dispose();
        RollingOut.Dispose();
        Starts.Dispose();
    }
}

using MbpoML.Data;
using MbpoML.Dynamics;
using MbpoML.Environments;
using MbpoML.Environments.Functions;
using MbpoML.Numerics;
using MbpoML.Numerics.Torch;
using MbpoML.Policies.Serving;

namespace MbpoML.Policies.OnPolicy;

/// <summary>What policy learners that learn from whole episodes of their own policy have in common.</summary>
public abstract class OnPolicyOptions
{
    private protected OnPolicyOptions()
    {
    }

    /// <summary>The sizes of the policy's hidden tanh layers. Default 32 and 32, as in ME-TRPO (policy network of its params files), and 64 and
    /// 64 for proximal policy optimization.</summary>
    public IReadOnlyList<int> HiddenSizes { get; set; } = [32, 32];

    /// <summary>
    /// log σ of each action before the first update, for actions before the tanh, from -20 to 2. Default 0: a deviation of one, as in rllab.
    /// </summary>
    public double InitialLogDeviation { get; set; }

    /// <summary>Episodes of one update. Default 100, as ME-TRPO imagines them side by side.</summary>
    public int EpisodesPerUpdate { get; set; } = 100;

    /// <summary>The most steps of an imagined episode. Default 100 (horizon of ME-TRPO's half cheetah).</summary>
    public int EpisodeSteps { get; set; } = 100;

    /// <summary>γ, how much a reward counts one step later, from 0 to 1.</summary>
    public double Discount { get; set; }

    /// <summary>λ of the generalised advantages, from 0 to 1: 1 trusts the returns alone, 0 the values alone.</summary>
    public double Lambda { get; set; }

    /// <summary>
    /// Whether the networks see observations of zero mean and unit variance. ME-TRPO takes the scales from the real transitions before the first update; else
    /// they are those of the first update's episodes, which were drawn without them. They stay, and become part of the policy. Default true, our choice: tanh
    /// layers go flat on large numbers.
    /// </summary>
    public bool StandardizeObservations { get; set; } = true;

    /// <summary>
    /// Whether the value of what would follow counts behind an episode that was cut. False makes the return of a number of steps the aim.
    /// </summary>
    public bool ValueCutEpisodes { get; set; }

    /// <summary>
    /// The dynamics model when the estimator is used alone; a trainer has its own. Default null: the ensemble of probabilistic networks of MBPO.
    /// </summary>
    public IDynamicsEstimator? Dynamics { get; set; }

    /// <summary>
    /// Which imagined transitions end the task when the estimator is used alone; a trainer has that of the environment. Default null: what the model says, or
    /// none.
    /// </summary>
    public ITerminationFunction? Termination { get; set; }

    /// <summary>
    /// The reward, where it is known, when the estimator is used alone; a trainer has that of the environment. Default null: the model's prediction.
    /// </summary>
    public IRewardFunction? Reward { get; set; }

    /// <summary>Updates of one Fit when the estimator is used alone; a trainer counts its own. Default 50, our choice.</summary>
    public int Updates { get; set; } = 50;

    /// <summary>The bounds of the actions in the transitions when the estimator is used alone. Default null: [-1, 1] in each dimension.</summary>
    public BoxSpace? ActionSpace { get; set; }

    /// <summary>The seed of weights, start states and draws when the estimator is used alone. Default null: from the MLContext's random stream.</summary>
    [MayChangeOnResume]
    public int? Seed { get; set; }

    /// <summary>Where training runs: "cpu", "cuda" or "cuda:1". Default null: the device of the run, and "cpu" when the estimator is used alone.</summary>
    [MayChangeOnResume]
    public string? Device { get; set; }

    /// <summary>The column that a fitted policy adds for its actions. Default "Action".</summary>
    public string OutputColumnName { get; set; } = TransitionColumns.DefaultAction;

    internal virtual void Validate()
    {
        Check.HiddenSizes(HiddenSizes);
        Check.Within(GaussianPolicy.LowestLogDeviation, GaussianPolicy.HighestLogDeviation, InitialLogDeviation);
        Check.AtLeast(1, EpisodesPerUpdate);
        Check.AtLeast(1, EpisodeSteps);
        Check.Within(0, 1, Discount);
        Check.Within(0, 1, Lambda);
        Check.AtLeast(1, Updates);
        if (ActionSpace is { IsBounded: false })
            throw new ArgumentException($"{nameof(ActionSpace)} must have finite bounds: the policy's tanh is scaled onto them.", nameof(ActionSpace));
        if (ActionSpace is { } actions) _ = new ActionBounds(actions, nameof(ActionSpace));
        ArgumentException.ThrowIfNullOrWhiteSpace(OutputColumnName);
        Devices.Validate(Device);
    }

    internal OnPolicySettings ToSettings(TransitionLayout layout, BoxSpace actionSpace) => new(
        layout, actionSpace, HiddenSizes, InitialLogDeviation, EpisodesPerUpdate, EpisodeSteps, Discount, Lambda, StandardizeObservations, ValueCutEpisodes);

    private protected OnPolicyOptions Copied()
    {
        var copy = (OnPolicyOptions)MemberwiseClone();
        copy.HiddenSizes = [.. HiddenSizes];
        return copy;
    }
}

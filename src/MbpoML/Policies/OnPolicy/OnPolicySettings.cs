using MbpoML.Data;
using MbpoML.Environments;

namespace MbpoML.Policies.OnPolicy;

/// <summary>What a learner from episodes needs to know, resolved once.</summary>
/// <param name="Layout">The sizes.</param>
/// <param name="ActionSpace">The actions, with finite bounds.</param>
/// <param name="HiddenSizes">Units of the policy's tanh layers.</param>
/// <param name="InitialLogDeviation">log σ before the first update.</param>
/// <param name="EpisodesPerUpdate">Episodes of an update.</param>
/// <param name="EpisodeSteps">The most steps of an episode.</param>
/// <param name="Discount">γ</param>
/// <param name="Lambda">λ</param>
/// <param name="StandardizesObservations">Whether the networks see standardised observations.</param>
/// <param name="ValuesCutEpisodes">Whether the value of what would follow counts behind an episode that was cut.</param>
internal sealed record OnPolicySettings(
    TransitionLayout Layout,
    BoxSpace ActionSpace,
    IReadOnlyList<int> HiddenSizes,
    double InitialLogDeviation,
    int EpisodesPerUpdate,
    int EpisodeSteps,
    double Discount,
    double Lambda,
    bool StandardizesObservations,
    bool ValuesCutEpisodes);

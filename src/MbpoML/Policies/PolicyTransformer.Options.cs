using MbpoML.Components;
using MbpoML.Data;

namespace MbpoML.Policies;

public sealed partial class PolicyTransformer
{
    /// <summary>How a policy reads and writes a data view.</summary>
    public sealed class Options
    {
        /// <summary>The column read, Vector&lt;Single, n&gt;. Default "Observation".</summary>
        public string ObservationColumnName { get; set; } = TransitionColumns.DefaultObservation;

        /// <summary>The column added, Vector&lt;Single, m&gt;. Default "Action". It hides an input column of that name, as in ML.NET's transforms.</summary>
        public string ActionColumnName { get; set; } = TransitionColumns.DefaultAction;

        /// <summary>Whether actions are drawn from the policy's distribution instead of the most likely one taken. Default false.</summary>
        public bool Stochastic { get; set; }

        /// <summary>The seed of a stochastic policy's draws. Default null: from the MLContext's random stream.</summary>
        /// <remarks>
        /// The draw of a row depends on this seed and the row's id, on nothing else: not on blocks, threads, filters or how often the view is read.
        /// A PredictionEngine numbers the objects it is given, so each call draws anew, and equal engines repeat each other.
        /// </remarks>
        public int? Seed { get; set; }

        internal Options Validated(ComponentContext context)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(ObservationColumnName);
            ArgumentException.ThrowIfNullOrWhiteSpace(ActionColumnName);
            if (ObservationColumnName == ActionColumnName)
                throw new InvalidOperationException(
                    $"{nameof(ObservationColumnName)} and {nameof(ActionColumnName)} are both '{ActionColumnName}'; a saved policy needs two names.");
            return new Options
            {
                ObservationColumnName = ObservationColumnName,
                ActionColumnName = ActionColumnName,
                Stochastic = Stochastic,
                Seed = Stochastic ? Seed ?? context.NextSeed() : null,
            };
        }
    }
}

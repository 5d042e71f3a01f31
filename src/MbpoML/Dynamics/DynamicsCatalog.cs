using MbpoML.Data;

namespace MbpoML.Dynamics;

/// <summary>Makes the estimators of stage 1: models of what the environment does next.</summary>
public sealed class DynamicsCatalog
{
    private readonly ComponentContext _context;

    internal DynamicsCatalog(ComponentContext context) => _context = context;

    /// <summary>An ensemble of probabilistic networks, the dynamics model of MBPO.</summary>
    /// <param name="memberCount">The number of networks.</param>
    /// <param name="eliteCount">The number of networks, those of lowest holdout error, that predict.</param>
    /// <param name="hiddenSizes">The units of each hidden layer; four times 200 when null.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    public ProbabilisticEnsembleTrainer ProbabilisticEnsemble(
        int memberCount = 7, int eliteCount = 5, IReadOnlyList<int>? hiddenSizes = null, TransitionColumns? columns = null)
    {
        var options = new ProbabilisticEnsembleTrainer.Options { MemberCount = memberCount, EliteCount = eliteCount };
        if (hiddenSizes is not null) options.HiddenSizes = hiddenSizes;
        return ProbabilisticEnsemble(options, columns);
    }

    /// <summary>An ensemble of probabilistic networks, the dynamics model of MBPO.</summary>
    /// <param name="options">How it is built and fitted; copied.</param>
    /// <param name="columns">The names of the columns; the defaults when null.</param>
    public ProbabilisticEnsembleTrainer ProbabilisticEnsemble(ProbabilisticEnsembleTrainer.Options options, TransitionColumns? columns = null) =>
        new(_context, options, columns ?? TransitionColumns.Default);
}
